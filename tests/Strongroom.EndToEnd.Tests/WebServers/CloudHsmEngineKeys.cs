using Strongroom.EndToEnd.Tests.CloudHsmEngine;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>Keys as CloudHSM's customers have them configured: the engine <c>cloudhsm</c> is everything's default, and the servers name files, which are reference PEMs.</summary>
internal sealed class CloudHsmEngineKeys : ServerKeys
{
    public CloudHsmEngineKeys(QuickstartDeployment deployment, string? pin = null)
        : base(deployment)
    {
        var engine = new EngineCommand(deployment, pin);
        Environment = engine.Environment;
        MakePairs(pin);
        foreach (var label in (string[])[Ec, Rsa])
        {
            engine.WriteReference(label, File(label));
            engine.OpenSsl("req", "-x509", "-engine", "cloudhsm", "-key", File(label), "-subj", "/CN=localhost", "-sha256", "-days", "30", "-out", Certificate(label)).MustSucceed();
        }
    }

    public override IReadOnlyDictionary<string, string> Environment { get; }

    public override string NginxPreamble => "ssl_engine cloudhsm;\nenv CLOUDHSM_PIN;";

    public override string NginxKey(string label) => File(label);

    public override string ApachePreamble => "SSLCryptoDevice cloudhsm";

    public override string ApacheKey(string label) => File(label);

    private string File(string label) => Scratch[$"{label}.key"];
}
