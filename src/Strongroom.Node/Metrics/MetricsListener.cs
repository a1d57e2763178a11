using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Strongroom.Node.Metrics;

/// <summary>GET /metrics on the HSM's address, port 9223, in Prometheus' text format (version 0.0.4), from the HSM's start on, sealed or not. Numbers and user names; the address is a loopback or management one.</summary>
internal sealed class MetricsListener : IAsyncDisposable
{
    private readonly WebApplication _application;

    private MetricsListener(WebApplication application) => _application = application;

    /// <summary>Starts to serve.</summary>
    /// <param name="endPoint">where</param>
    /// <param name="read">makes the text, see <see cref="MetricsText"/></param>
    /// <param name="loggers">for the web server</param>
    /// <exception cref="IOException">the address can't be bound</exception>
    public static async Task<MetricsListener> StartAsync(IPEndPoint endPoint, Func<string> read, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 0;
            options.Limits.MaxConcurrentConnections = 32;
            options.Limits.MaxRequestHeadersTotalSize = 8192;
            options.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var application = builder.Build();
        application.Run(context => AnswerAsync(context, read));
        await application.StartAsync().ConfigureAwait(false);
        return new MetricsListener(application);
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(deadline.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext context, Func<string> read)
    {
        if (context.Request.Path != "/metrics" || !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.WriteAsync(read());
    }
}
