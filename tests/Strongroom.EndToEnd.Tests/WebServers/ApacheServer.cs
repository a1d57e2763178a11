using System.Globalization;
using System.Text.RegularExpressions;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>Debian's Apache httpd as it comes: a daemon whose workers, of another user, are processes (prefork) or processes of threads (event).</summary>
internal sealed partial class ApacheServer : WebServer
{
    private const string Modules = "/usr/lib/apache2/modules";

    public ApacheServer(ServerKeys keys, string mpm)
        : base(keys)
    {
        Scratch.Write("apache2.conf", $"""
            ServerRoot {Scratch.Folder}
            ServerName localhost
            PidFile {Scratch["apache2.pid"]}
            ErrorLog {Scratch["error.log"]}
            LogLevel info
            User www-data
            Group www-data
            LoadModule mpm_{mpm}_module {Modules}/mod_mpm_{mpm}.so
            LoadModule authz_core_module {Modules}/mod_authz_core.so
            LoadModule ssl_module {Modules}/mod_ssl.so
            StartServers 2
            {(mpm == "event" ? "ThreadsPerChild 8\nServerLimit 16\nMaxRequestWorkers 64" : "MinSpareServers 2")}
            SSLSessionCache none
            SSLSessionTickets off
            SSLProtocol -all +TLSv1.2 +TLSv1.3
            SSLRandomSeed startup builtin
            SSLRandomSeed connect builtin
            {keys.ApachePreamble}
            {Server(EcPort, ServerKeys.Ec)}
            {Server(RsaPort, ServerKeys.Rsa)}

            """);
        Run("start").MustSucceed();
        Waiting.Until(() => Starts == 1, "Apache serves");
    }

    // It says so after its start and after each reload.
    private int Starts => Resuming().Count(ErrorLog);

    public override void Reload()
    {
        var before = Starts;
        Run("graceful").MustSucceed();
        Waiting.Until(() => Starts > before, "Apache has reloaded");
    }

    protected override void Stop()
    {
        if (File.Exists(Scratch["apache2.pid"]))
        {
            var master = int.Parse(File.ReadAllText(Scratch["apache2.pid"]), CultureInfo.InvariantCulture);
            Run("stop");
            Waiting.Until(() => !Directory.Exists($"/proc/{master}") && RunningProcesses.With("apache2", Scratch.Folder).Length == 0, "Apache ended");
        }
    }

    [GeneratedRegex("resuming normal operations")]
    private static partial Regex Resuming();

    private Finished Run(string action) => Programs.Run("/usr/sbin/apache2", ["-f", Scratch["apache2.conf"], "-k", action], Keys.Environment);

    private string Server(int port, string label)
    {
        Directory.CreateDirectory(Scratch[label]);
        File.WriteAllText(Path.Combine(Scratch[label], "index.html"), label);
        return $"""
            Listen 127.0.0.1:{port}
            <VirtualHost 127.0.0.1:{port}>
                DocumentRoot {Scratch[label]}
                SSLEngine on
                SSLCertificateFile {Keys.Certificate(label)}
                SSLCertificateKeyFile {Keys.ApacheKey(label)}
            </VirtualHost>
            """;
    }
}
