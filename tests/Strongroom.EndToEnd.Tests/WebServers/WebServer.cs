using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>
/// A web server as Debian ships it, with one TLS server for the EC and one for the RSA key of the HSM. Its tickets and session cache are off, so that
/// every connection is a full handshake and costs one signature.
/// </summary>
internal abstract class WebServer(ServerKeys keys) : IDisposable
{
    public int EcPort { get; } = Ports.Free();

    public int RsaPort { get; } = Ports.Free();

    public string ErrorLog => File.Exists(Scratch["error.log"]) ? File.ReadAllText(Scratch["error.log"]) : "";

    protected ServerKeys Keys { get; } = keys;

    protected Scratch Scratch { get; } = new();

    /// <summary>Has it read its configuration anew, as its administrator does; returns when new workers have taken over.</summary>
    public abstract void Reload();

    public void Dispose()
    {
        Stop();
        Scratch.Dispose();
    }

    protected abstract void Stop();
}
