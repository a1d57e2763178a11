using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Strongroom.EndToEnd.Tests.WebServers;

/// <summary>Connects again and again, each time anew, and counts what came of it.</summary>
internal sealed class HandshakeClient(int port, SslProtocols version, byte[] certificate, string answer)
{
    private int _succeeded;

    public int Succeeded => _succeeded;

    public List<string> Failures { get; } = [];

    /// <summary><paramref name="count"/> connections, one after the other.</summary>
    public async Task RunAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            try
            {
                await ConnectAsync().WaitAsync(TimeSpan.FromSeconds(20));
                Interlocked.Increment(ref _succeeded);
            }
            catch (Exception error) when (error is IOException or SocketException or AuthenticationException or TimeoutException or InvalidDataException)
            {
                lock (Failures)
                {
                    Failures.Add($"{version} port {port}: {error.Message}");
                }
            }
        }
    }

    private async Task ConnectAsync()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port);
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = version,
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null && presented.GetRawCertData().SequenceEqual(certificate),
        });
        await tls.WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"));
        using var reader = new StreamReader(tls, Encoding.ASCII);
        var reply = await reader.ReadToEndAsync();
        if (tls.SslProtocol != version || !reply.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || !reply.EndsWith(answer, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{tls.SslProtocol}: {reply}");
        }
    }
}
