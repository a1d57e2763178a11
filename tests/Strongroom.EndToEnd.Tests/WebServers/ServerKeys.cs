using System.Security.Cryptography.X509Certificates;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>A web server's keys in the HSM, one EC and one RSA, with a certificate each: how its configuration names them, and the environment in which it finds them.</summary>
internal abstract class ServerKeys(QuickstartDeployment deployment) : IDisposable
{
    public const string Ec = "web-ec";
    public const string Rsa = "web-rsa";

    protected QuickstartDeployment Deployment { get; } = deployment;

    protected Scratch Scratch { get; } = new();

    public abstract IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Lines of nginx.conf outside of any block.</summary>
    public abstract string NginxPreamble { get; }

    public abstract string NginxKey(string label);

    /// <summary>Lines of apache2.conf outside of any section.</summary>
    public abstract string ApachePreamble { get; }

    public abstract string ApacheKey(string label);

    public string Certificate(string label) => Scratch[$"{label}.pem"];

    /// <summary>DER of the certificate that a server presents, to know it again.</summary>
    public byte[] CertificateOf(string label) => X509Certificate2.CreateFromPem(File.ReadAllText(Certificate(label))).RawData;

    public void Dispose() => Scratch.Dispose();

    /// <summary>Makes both pairs on the token, unless they are there from another test; as the quickstart's crypto user, or as that of <paramref name="pin"/>.</summary>
    protected void MakePairs(string? pin = null)
    {
        string[] login = ["--token-label", Deployment.TokenLabel, "--login", "--pin", pin ?? Deployment.Pin];
        foreach (var (type, label, id) in (ReadOnlySpan<(string, string, string)>)[("EC:prime256v1", Ec, "71e1"), ("rsa:2048", Rsa, "71a1")])
        {
            if (!Deployment.Pkcs11([.. login, "--list-objects", "--type", "privkey", "--id", id]).MustSucceed().Output.Contains(label, StringComparison.Ordinal))
            {
                Deployment.Pkcs11([.. login, "--keypairgen", "--key-type", type, "--usage-sign", "--id", id, "--label", label]).MustSucceed();
            }
        }
    }
}
