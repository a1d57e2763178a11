using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.OpenSsl;

namespace Strongroom.EndToEnd.Tests.Nginx;

/// <summary>
/// Debian's nginx as it comes: a daemon, a master and two workers of another user. Two servers, one with an EC and one with an RSA key of the HSM.
/// Tickets and session cache are off, so that every connection is a full handshake and costs one signature.
/// </summary>
internal sealed class NginxServer : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly QuickstartDeployment _deployment;
    private readonly Dictionary<string, string> _environment;

    public NginxServer(QuickstartDeployment deployment)
    {
        _deployment = deployment;
        _environment = EngineConfiguration.Write(_scratch, deployment);
        MakeKey("EC:prime256v1", "nginx-ec", "71e1");
        MakeKey("rsa:2048", "nginx-rsa", "71a1");
        (EcPort, RsaPort) = (FreePort(), FreePort());
        _scratch.Write("nginx.conf", $$"""
            user www-data;
            worker_processes 2;
            pid {{_scratch["nginx.pid"]}};
            error_log {{_scratch["error.log"]}} info;
            events { worker_connections 512; }
            http {
                access_log off;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_session_tickets off;
                ssl_session_cache off;
                {{Server(EcPort, "nginx-ec")}}
                {{Server(RsaPort, "nginx-rsa")}}
            }

            """);
        Run().MustSucceed();
        Waiting.Until(() => Workers.Length == 2, "nginx has two workers");
    }

    public int EcPort { get; }

    public int RsaPort { get; }

    public int Master => int.Parse(File.ReadAllText(_scratch["nginx.pid"]), CultureInfo.InvariantCulture);

    /// <summary>Process ids of the workers that take connections.</summary>
    public int[] Workers =>
        [.. RunningProcesses.With("nginx: worker process").Where(pid => ParentOf(pid) == Master && !CommandLine(pid).Contains("shutting down", StringComparison.Ordinal))];

    public string ErrorLog => File.ReadAllText(_scratch["error.log"]);

    /// <summary>SHA-256 of the certificate that a server presents, to know it again.</summary>
    public byte[] CertificateOf(string label) => System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(File.ReadAllText(_scratch[$"{label}.pem"])).RawData;

    public void Reload()
    {
        var before = Workers;
        Run("-s", "reload").MustSucceed();
        Waiting.Until(() => Workers is var now && now.Length == 2 && !now.Intersect(before).Any(), "nginx has two new workers");
    }

    public void Dispose()
    {
        var master = Master;
        Run("-s", "stop");
        Waiting.Until(() => !Directory.Exists($"/proc/{master}") && RunningProcesses.With("nginx", _scratch.Folder).Length == 0, "nginx ended");
        _scratch.Dispose();
    }

    private Finished Run(params string[] arguments) => Programs.Run("/usr/sbin/nginx", ["-c", _scratch["nginx.conf"], "-p", _scratch.Folder, .. arguments], _environment);

    private void MakeKey(string type, string label, string id)
    {
        if (!_deployment.Pkcs11LoggedIn("--list-objects", "--type", "privkey", "--id", id).MustSucceed().Output.Contains(label, StringComparison.Ordinal))
        {
            _deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", type, "--usage-sign", "--id", id, "--label", label).MustSucceed();
        }

        Programs.Run(
            "openssl",
            ["req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", KeyName(label), "-subj", "/CN=localhost", "-sha256", "-days", "30", "-out", _scratch[$"{label}.pem"]],
            _environment).MustSucceed();
    }

    private string KeyName(string label) => $"pkcs11:token={_deployment.TokenLabel};object={label};type=private";

    private string Server(int port, string label) =>
        $$"""server { listen 127.0.0.1:{{port}} ssl; ssl_certificate {{_scratch[$"{label}.pem"]}}; ssl_certificate_key "engine:pkcs11:{{KeyName(label)}}"; location / { return 200 "{{label}}"; } }""";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string CommandLine(int pid) => File.Exists($"/proc/{pid}/cmdline") ? File.ReadAllText($"/proc/{pid}/cmdline") : "";

    private static int ParentOf(int pid)
    {
        try
        {
            return int.Parse(File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("PPid:", StringComparison.Ordinal))[5..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
