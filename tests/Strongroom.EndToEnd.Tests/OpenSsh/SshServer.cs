using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.OpenSsh;

/// <summary>Debian's sshd on a port of loopback, for the user that runs the tests alone. A client tries every key of its token, so that it allows many tries.</summary>
internal sealed class SshServer : IDisposable
{
    private readonly Process _process;

    /// <param name="scratch">for its files</param>
    /// <param name="authorized">a public key that may log in, or null</param>
    /// <param name="authorities">a file with keys whose certificates may, or null</param>
    /// <param name="agent">the socket of the client's agent, or null</param>
    public SshServer(Scratch scratch, string? authorized, string? authorities, string? agent = null)
    {
        Programs.Run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", scratch["host"]]).MustSucceed();
        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd");   // sshd's own for its unprivileged part, which its service makes at boot
        }

        Port = Ports.Free();
        var configuration = scratch.Write("sshd_config", $"""
            ListenAddress 127.0.0.1:{Port}
            HostKey {scratch["host"]}
            PidFile none
            UsePAM no
            StrictModes no
            MaxAuthTries 1000
            PermitRootLogin yes
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            AuthorizedKeysFile {(authorized is null ? "none" : scratch.Write("authorized_keys", authorized + "\n"))}
            TrustedUserCAKeys {authorities ?? "none"}

            """);
        ClientOptions = ["-F", "none", "-p", Port.ToString(CultureInfo.InvariantCulture), "-o", "StrictHostKeyChecking=no", "-o", $"UserKnownHostsFile={scratch["known_hosts"]}", "-o", $"IdentityAgent={agent ?? "none"}", $"{Environment.UserName}@127.0.0.1"];
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/sshd", ["-D", "-e", "-f", configuration]) { RedirectStandardError = true })!;
        _process.BeginErrorReadLine();
        Waiting.Until(IsListening, "sshd listens");
    }

    public int Port { get; }

    /// <summary>How ssh gets here, with this server's host key alone.</summary>
    public string[] ClientOptions { get; }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private bool IsListening()
    {
        using var probe = new TcpClient();
        try
        {
            probe.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
