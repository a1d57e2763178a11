using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>Stands between a client and the HSM with a certificate of its own, which the client's configuration must name, and keeps what goes through it in the clear: the frames.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private static readonly SslApplicationProtocol Alpn = new("strongroom/1");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly MemoryStream _frames = new();
    private readonly X509Certificate2 _certificate;
    private readonly IPEndPoint _hsm;
    private readonly string _pin;
    private readonly Task _accepting;

    /// <param name="hsm">where to</param>
    /// <param name="pin">SHA-256 of the cluster's key</param>
    public RecordingProxy(IPEndPoint hsm, string pin)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=between", key, HashAlgorithmName.SHA256) { CertificateExtensions = { new X509BasicConstraintsExtension(true, false, 0, true) } };
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        (_hsm, _pin, _certificate) = (hsm, pin, X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string CertificatePem => _certificate.ExportCertificatePem();

    public string KeySha256 => KeyOf(_certificate);

    /// <summary>Everything that went through so far, in both directions.</summary>
    public byte[] Frames
    {
        get
        {
            lock (_frames)
            {
                return _frames.ToArray();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        _certificate.Dispose();
        await _frames.DisposeAsync();
    }

    private static string KeyOf(X509Certificate2 certificate) => Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync()));
            }
        }
        catch (SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        using var client = accepted;
        using var hsm = new TcpClient(_hsm.AddressFamily);
        await hsm.ConnectAsync(_hsm);
        await using var near = new SslStream(client.GetStream());
        await using var far = new SslStream(hsm.GetStream(), false, (_, certificate, _, _) => certificate is X509Certificate2 shown && KeyOf(shown) == _pin);
        await far.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "strongroom", EnabledSslProtocols = SslProtocols.Tls13, ApplicationProtocols = [Alpn] });
        await near.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, ApplicationProtocols = [Alpn] });
        await Task.WhenAny(CopyAsync(near, far), CopyAsync(far, near));
    }

    private async Task CopyAsync(SslStream from, SslStream to)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                lock (_frames)
                {
                    _frames.Write(buffer, 0, count);
                }

                await to.WriteAsync(buffer.AsMemory(0, count));
            }
        }
        catch (IOException)
        {
            // The other side is gone.
        }
    }
}
