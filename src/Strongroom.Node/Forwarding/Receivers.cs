using Microsoft.Extensions.Logging;
using Strongroom.Hsm;
using Strongroom.Node.State;

namespace Strongroom.Node.Forwarding;

/// <summary>All receivers of an HSM's log, each with its own pace.</summary>
internal sealed class Receivers : IAsyncDisposable
{
    private readonly IReadOnlyList<Forwarder> _forwarders;

    /// <summary>Starts to forward to every receiver of the settings.</summary>
    public Receivers(StateDirectory state, string folder, Module module, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("Strongroom.Forwarding");
        _forwarders =
        [
            .. state.Hsm.Audit.Forward.Select(settings => new Forwarder(
                settings, Connect(settings), new LocalFeed(module, folder), () => module.LastAuditEvent, state.File($"audit-forward-{settings.Name}.json"), logger)),
        ];
    }

    /// <summary>Their figures for /metrics.</summary>
    public IEnumerable<Counter> Read() => _forwarders.SelectMany(forwarder => forwarder.Read());

    public async ValueTask DisposeAsync()
    {
        foreach (var forwarder in _forwarders)
        {
            await forwarder.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static IReceiver Connect(ForwardSettings settings) => settings.Kind switch
    {
        ForwardKind.Syslog => new SyslogReceiver(settings.EndPoint, settings.Ca),
        ForwardKind.Otlp => new OtlpReceiver(new Uri(settings.To), settings.Ca),
        _ => throw new StateException($"there is no kind of receiver {settings.Kind}"),
    };
}
