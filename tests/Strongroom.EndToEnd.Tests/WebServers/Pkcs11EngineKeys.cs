using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.OpenSsl;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>Keys through Debian's PKCS#11 engine (libp11): named by PKCS#11 URIs (RFC 7512), the PIN in openssl.cnf.</summary>
internal sealed class Pkcs11EngineKeys : ServerKeys
{
    public Pkcs11EngineKeys(QuickstartDeployment deployment)
        : base(deployment)
    {
        Environment = EngineConfiguration.Write(Scratch, deployment);
        MakePairs();
        foreach (var label in (string[])[Ec, Rsa])
        {
            Programs.Run(
                "openssl",
                ["req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", Uri(label), "-subj", "/CN=localhost", "-sha256", "-days", "30", "-out", Certificate(label)],
                Environment).MustSucceed();
        }
    }

    public override IReadOnlyDictionary<string, string> Environment { get; }

    public override string NginxPreamble => "";

    public override string NginxKey(string label) => $"\"engine:pkcs11:{Uri(label)}\"";

    public override string ApachePreamble => "SSLCryptoDevice pkcs11";

    public override string ApacheKey(string label) => $"\"{Uri(label)}\"";

    private string Uri(string label) => $"pkcs11:token={Deployment.TokenLabel};object={label};type=private";
}
