using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Port 2223: Kestrel's raw connections under TLS 1.3, with the certificate that the customer's CA signed.</summary>
internal sealed class DataListener : IAsyncDisposable
{
    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10);
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping;
    private readonly PresentedCertificate _presented;
    private readonly ClientTrust _clients;

    private DataListener(WebApplication application, CancellationTokenSource stopping, PresentedCertificate presented, ClientTrust clients)
    {
        _application = application;
        _stopping = stopping;
        _presented = presented;
        _clients = clients;
    }

    /// <summary>Starts to serve.</summary>
    /// <param name="endPoint">the HSM's own address</param>
    /// <param name="certificate">the cluster's certificate with its private key in libcrypto</param>
    /// <param name="chain">the customer's CA between certificate and root, if any</param>
    /// <param name="hsm">what is served</param>
    /// <param name="loggers">where to log</param>
    /// <param name="clock">for deadlines</param>
    /// <exception cref="IOException">the address can't be bound</exception>
    public static async Task<DataListener> StartAsync(
        IPEndPoint endPoint, X509Certificate2 certificate, X509Certificate2Collection chain, ServingHsm hsm, ILoggerFactory loggers, TimeProvider clock)
    {
        var logger = loggers.CreateLogger("Strongroom.Data");
        var stopping = new CancellationTokenSource();
        var admission = new Admission(hsm.Counters, logger);
        var presented = new PresentedCertificate { Tls = Tls(certificate, chain) };

        var clients = new ClientTrust(hsm.Module, clock);
        var handshakes = new TlsConnections(() => presented.Tls, clients, HandshakeWithin, logger);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            // Frames are answered on the thread that read them: no hop through the thread pool a request (pkcs11-hosts.md, "Speed").
            options.UnsafePreferInlineScheduling = true;
            options.NoDelay = true;

            // Else each read is preceded by one of nothing, which is a system call a batch; the price is a block of 4 KiB for each idle connection.
            options.WaitForDataBeforeAllocatingBuffer = false;
            options.Backlog = 1024;

            // What is read ahead of us; a megabyte a connection by default.
            options.MaxReadBufferSize = Reception.Small;
            options.CreateBoundListenSocket = Bind;
        });
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(endPoint, listen =>
            {
                listen.Protocols = HttpProtocols.None;
                listen.Use(next => connection => admission.AdmitAsync(connection, next));
                listen.Use(next => connection => handshakes.ServeAsync(connection, next));
                listen.Run(async connection =>
                {
                    connection.Features.Get<Admission.Place>()?.Opened();
                    await using var served = new DataConnection(connection, hsm, clock, logger, stopping.Token);
                    clients.Add(served);
                    try
                    {
                        await served.RunAsync().ConfigureAwait(false);
                    }
                    finally
                    {
                        clients.Remove(served);
                    }
                });
            });
        });

        var application = builder.Build();
        await application.StartAsync().ConfigureAwait(false);
        Log.Listening(logger, endPoint.ToString(), certificate.Subject, Convert.ToHexStringLower(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo())));
        return new DataListener(application, stopping, presented, clients);
    }

    /// <summary>Presents another certificate to new connections; open ones go on.</summary>
    public void Present(X509Certificate2 certificate, X509Certificate2Collection chain) => _presented.Tls = Tls(certificate, chain);

    /// <summary>Stops: no new connections and no new requests; those under way are answered, within 3 seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        await _application.StopAsync(deadline.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private static SslServerAuthenticationOptions Tls(X509Certificate2 certificate, X509Certificate2Collection chain) => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
        ApplicationProtocols = [new SslApplicationProtocol(ProtocolLimits.Alpn)],
        ClientCertificateRequired = false,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    // Accepted sockets inherit these (Linux): a peer that has vanished without a word is noticed within two minutes.
    private static Socket Bind(EndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
        socket.Bind(endPoint);
        return socket;
    }

    // Read at each handshake, replaced when the cluster's certificate is renewed.
    private sealed class PresentedCertificate
    {
        private volatile SslServerAuthenticationOptions? _tls;

        public SslServerAuthenticationOptions Tls
        {
            get => _tls!;
            set => _tls = value;
        }
    }
}
