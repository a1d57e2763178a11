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

    // nginx is in the background before it has written its number; 0 until then.
    private int Master => int.TryParse(Read(Scratch["nginx.pid"]), CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    // Those that take connections.
    private int[] Workers =>
        [.. RunningProcesses.With("nginx: worker process").Where(pid => ParentOf(pid) is > 0 and var parent && parent == Master && !Read($"/proc/{pid}/cmdline").Contains("shutting down", StringComparison.Ordinal))];

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

    private static int ParentOf(int pid) =>
        Read($"/proc/{pid}/status").Split('\n').FirstOrDefault(line => line.StartsWith("PPid:", StringComparison.Ordinal)) is { } line ? int.Parse(line[5..], CultureInfo.InvariantCulture) : 0;

    // Nothing of a worker that has just ended, even between looking for its file and reading it.
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
