using System.Diagnostics;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.OpenSsh;

/// <summary>OpenSSH's agent, which may load our module and no other.</summary>
internal sealed class SshAgent : IDisposable
{
    private readonly Process _process;

    public SshAgent(Scratch scratch, string module, IReadOnlyDictionary<string, string> environment)
    {
        Socket = scratch["agent"];
        var start = new ProcessStartInfo("ssh-agent", ["-D", "-a", Socket, "-P", module]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        Waiting.Until(() => File.Exists(Socket), "ssh-agent listens");
    }

    public string Socket { get; }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        File.Delete(Socket);
    }
}
