using System.Globalization;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>Debian's nginx as it comes: a daemon, a master and two workers of another user.</summary>
internal sealed class NginxServer : WebServer
{
    public NginxServer(ServerKeys keys)
        : base(keys)
    {
        Scratch.Write("nginx.conf", $$"""
            user www-data;
            worker_processes 2;
            pid {{Scratch["nginx.pid"]}};
            error_log {{Scratch["error.log"]}} info;
            {{keys.NginxPreamble}}
            events { worker_connections 512; }
            http {
                access_log off;
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_session_tickets off;
                ssl_session_cache off;
                {{Server(EcPort, ServerKeys.Ec)}}
                {{Server(RsaPort, ServerKeys.Rsa)}}
            }

            """);
        Run().MustSucceed();
        Waiting.Until(() => Workers.Length == 2, "nginx has two workers");
    }

    private int Master => int.Parse(File.ReadAllText(Scratch["nginx.pid"]), CultureInfo.InvariantCulture);

    // Those that take connections.
    private int[] Workers =>
        [.. RunningProcesses.With("nginx: worker process").Where(pid => ParentOf(pid) == Master && !CommandLine(pid).Contains("shutting down", StringComparison.Ordinal))];

    public override void Reload()
    {
        var before = Workers;
        Run("-s", "reload").MustSucceed();
        Waiting.Until(() => Workers is var now && now.Length == 2 && !now.Intersect(before).Any(), "nginx has two new workers");
    }

    protected override void Stop()
    {
        var master = Master;
        Run("-s", "stop");
        Waiting.Until(() => !Directory.Exists($"/proc/{master}") && RunningProcesses.With("nginx", Scratch.Folder).Length == 0, "nginx ended");
    }

    private Finished Run(params string[] arguments) => Programs.Run("/usr/sbin/nginx", ["-c", Scratch["nginx.conf"], "-p", Scratch.Folder, .. arguments], Keys.Environment);

    private string Server(int port, string label) =>
        $$"""server { listen 127.0.0.1:{{port}} ssl; ssl_certificate {{Keys.Certificate(label)}}; ssl_certificate_key {{Keys.NginxKey(label)}}; location / { return 200 "{{label}}"; } }""";

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
