using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Strongroom.Audit;
using Strongroom.Crypto;
using Strongroom.Hsm;
using Strongroom.Hsm.Audit;
using Strongroom.Node.Birth;
using Strongroom.Node.Data;
using Strongroom.Node.Forwarding;
using Strongroom.Node.Metrics;
using Strongroom.Node.State;
using Strongroom.Node.Trust;
using Strongroom.Store;
using Strongroom.Store.Anchors;
using Strongroom.Wire;

namespace Strongroom.Node.Life;

/// <summary>
/// Where an HSM stands, and every step from one place to the next: sealed → blank → uninitialized → initialized → active; unaccepted where the store is not what this HSM remembers; and failed from anywhere.
/// Steps come over the control socket, one at a time. A step that is refused throws <see cref="NotNowException"/> or <see cref="BirthException"/> and changes nothing.
/// </summary>
internal sealed partial class HsmLife : IAsyncDisposable
{
    private readonly StateDirectory _state;
    private readonly RootOfTrust _trust;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly SlowedGuesses _guesses;
    private readonly ListenerCounters _counters = new();
    private readonly long _started;
    private readonly TaskCompletionSource<string> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Held during every step; what it guards is also read without it by Describe, which takes whatever stands there at the moment.
    private readonly SemaphoreSlim _step = new(1, 1);
    private volatile string _waitsFor = "starts";
    private volatile RootKey? _root;
    private volatile HardwareIdentity? _identity;
    private volatile OpenCluster? _cluster;
    private volatile Acceptance? _unaccepted;
    private volatile DataListener? _listener;
    private volatile Receivers? _receivers;
    private MetricsListener? _metrics;
    private bool _disposed;

    public HsmLife(StateDirectory state, ILoggerFactory loggers, TimeProvider clock)
    {
        _state = state;
        _trust = RootOfTrust.Of(state.Hsm.RootOfTrust, state.Path, state.Hsm.Hsm);
        _loggers = loggers;
        _logger = loggers.CreateLogger("Strongroom.Life");
        _clock = clock;
        _guesses = new SlowedGuesses(clock);
        _started = clock.GetTimestamp();
    }

    /// <summary>Completes with the reason once the HSM has failed for good.</summary>
    public Task<string> Failed => _failed.Task;

    private HsmState State => this switch
    {
        { _failed.Task.IsCompleted: true } => HsmState.Failed,
        { _root: null } => HsmState.Sealed,
        { _unaccepted: not null } => HsmState.Unaccepted,
        { _cluster: null } => HsmState.Blank,
        { _listener: null } => HsmState.Uninitialized,
        { _cluster.Module: var module } => module.GetClusterInfo().Active ? HsmState.Active : HsmState.Initialized,
    };

    /// <summary>Tests libcrypto, then goes as far as the root of trust lets it without anyone's help.</summary>
    public Task StartAsync(CancellationToken cancel) => StepAsync(
        async () =>
        {
            Log.Starting(_logger, _state.Hsm.Hsm, Product.Version, _trust.Name);
            if (OpenCluster.KeepsNoLog)
            {
                Log.Banner(_logger, "NO AUDIT LOG: these programs are for measurements, never for keys");
            }

            if (_trust.Banner is { } banner)
            {
                Log.Banner(_logger, banner);
            }

            _metrics = await MetricsListener.StartAsync(_state.Hsm.MetricsEndPoint, Metrics, _loggers).ConfigureAwait(false);
            SecretArena.Initialize();
            SelfTests.Run();
            if (_trust.OpenUnattended() is { } root)
            {
                await OpenAsync(root, cancel).ConfigureAwait(false);
            }
            else
            {
                _waitsFor = "waits for its passphrase";
                Log.Sealed(_logger, _state.Path);
            }
        },
        cancel);

    /// <summary>Opens a sealed HSM.</summary>
    /// <returns>false if the passphrase is wrong; that answer comes the later the more wrong ones came before</returns>
    public Task<bool> UnsealAsync(ReadOnlyMemory<byte> passphrase, CancellationToken cancel) => StepAsync(
        async () =>
        {
            if (_root is not null)
            {
                throw new NotNowException("this HSM is not sealed");
            }

            if (await _trust.UnsealAsync(passphrase, cancel).ConfigureAwait(false) is not { } root)
            {
                await _guesses.PunishAsync(cancel).ConfigureAwait(false);
                Log.WrongPassphrase(_logger, _guesses.Wrong);
                return false;
            }

            _guesses.Forgive();
            _waitsFor = "is being opened";
            await OpenAsync(root, cancel).ConfigureAwait(false);
            if (_cluster is { } cluster)
            {
                await cluster.Module.RecordAsync(AuditOperation.Unseal, _trust.Name).ConfigureAwait(false);
            }

            return true;
        },
        cancel);

    /// <summary>The PEM request of the hardware identity.</summary>
    public Task<string> GetIdentityRequestAsync(CancellationToken cancel) => StepAsync(() => Task.FromResult(Unsealed().Request), cancel);

    /// <summary>Takes the ceremony's certificates.</summary>
    public Task InstallIdentityAsync(string owner, string manufacturer, CancellationToken cancel) => StepAsync(
        () =>
        {
            Unsealed().Install(owner, manufacturer, _clock.GetUtcNow());
            return Task.CompletedTask;
        },
        cancel);

    /// <summary>Gives birth to a cluster.</summary>
    /// <returns>the one-time code</returns>
    public Task<string> CreateClusterAsync(string cluster, string mode, CancellationToken cancel) => StepAsync(
        async () =>
        {
            var identity = Unsealed();
            var root = _root!;
            if (_cluster is not null || _unaccepted is not null)
            {
                throw new NotNowException($"this HSM is a member of {_cluster?.Identity.Cluster.ToString() ?? "a cluster"} already");
            }

            var clusterMode = mode switch
            {
                "FIPS" => ClusterMode.Fips,
                "NON_FIPS" => ClusterMode.NonFips,
                _ => throw new BirthException($"{mode} is not a mode: FIPS or NON_FIPS"),
            };
            if (File.Exists(_state.Hsm.Store))
            {
                throw new BirthException($"there is a store at {_state.Hsm.Store} already; remove it if a birth was interrupted before it told its code, else it is another cluster's");
            }

            ClusterIdentity.Discard(_state);
            var drawn = ClusterIdentity.Draw(_state, root, identity, cluster, mode, _clock.GetUtcNow());
            var (born, code) = await OpenCluster.CreateAsync(_state, root, identity, drawn, clusterMode, _clock, NoticeAudit, cancel).ConfigureAwait(false);
            drawn.Complete();
            Keep(born);
            Log.Born(_logger, cluster, mode);
            return code;
        },
        cancel);

    /// <summary>Certificates as far as there are any.</summary>
    public Task<GetCertificatesReply> GetCertificatesAsync(CancellationToken cancel) => StepAsync(
        () =>
        {
            var identity = Unsealed();
            return Task.FromResult(_cluster is { Identity: var cluster }
                ? new GetCertificatesReply(cluster.Csr, cluster.HsmCertificate, identity.OwnerCertificate, identity.ManufacturerCertificate, cluster.Certificate, cluster.Anchor)
                : new GetCertificatesReply("", "", identity.OwnerCertificate, identity.ManufacturerCertificate, "", _state.ReadText(ClusterIdentity.AnchorItem)));
        },
        cancel);

    /// <summary>Takes the customer's claim, and serves applications from then on.</summary>
    public Task InitializeAsync(string signedCert, string trustAnchor, CancellationToken cancel) => StepAsync(
        async () =>
        {
            _ = Unsealed();
            var cluster = _cluster ?? throw new NotNowException("this HSM has no cluster yet");
            cluster.Identity.Initialize(signedCert, trustAnchor, _clock.GetUtcNow());
            await cluster.Module.RecordAsync(AuditOperation.InitializeCluster, null).ConfigureAwait(false);
            await ServeAsync(cluster).ConfigureAwait(false);
        },
        cancel);

    /// <summary>Health, place in life and counters.</summary>
    public DescribeHsmReply Describe()
    {
        var state = State;
        var cause = state switch
        {
            HsmState.Failed => _failed.Task.Result,
            HsmState.Sealed or HsmState.Unaccepted => _waitsFor,
            _ => "",
        };
        var position = _cluster?.Module.Position ?? default;
        return new DescribeHsmReply(
            _state.Hsm.Hsm,
            _cluster?.Identity.Cluster.Value ?? "",
            (ulong)state,
            cause,
            _trust.Name,
            _state.Hsm.DataEndPoint.ToString(),
            position.Epoch,
            position.Sequence,
            (ulong)_clock.GetElapsedTime(_started).TotalSeconds,
            [.. Counters().Append(new Counter("strongroom_copied_records", (ulong)Interlocked.Read(ref _copied), IsGauge: true)).Take(256).Select(c => new WireCounter(c.Name, c.Value))]);
    }

    /// <summary>The text of /metrics.</summary>
    public string Metrics()
    {
        var (state, cluster, identity) = (State, _cluster, _identity);
        return MetricsText.Render(
            [
                new($"strongroom_info{{cluster=\"{cluster?.Identity.Cluster.Value}\",hsm=\"{_state.Hsm.Hsm}\",version=\"{Product.Version}\"}}", 1, IsGauge: true),
                IsUp(state),
                new("strongroom_sealed", state == HsmState.Sealed ? 1UL : 0UL, IsGauge: true),
                new("strongroom_failed", state == HsmState.Failed ? 1UL : 0UL, IsGauge: true),
                .. HostReadings.Expiries(Vouching.LivesOf(cluster?.Identity, identity, cluster?.Module), _clock.GetUtcNow()),
                .. HostReadings.Disks(("state", _state.Path), ("store", Path.GetDirectoryName(Path.GetFullPath(_state.Hsm.Store))!)),
                .. cluster?.Module.ReadMetrics() ?? [],
                .. _receivers?.Read() ?? [],
                .. _counters.Read(),
            ],
            cluster?.Module.ReadLatencies() ?? []);
    }

    private IEnumerable<Counter> Counters() => [IsUp(State), .. _cluster?.Module.ReadCounters() ?? [], .. _counters.Read()];

    private static Counter IsUp(HsmState state) => new("strongroom_up", state is HsmState.Active or HsmState.Initialized ? 1UL : 0UL, IsGauge: true);

    public async ValueTask DisposeAsync()
    {
        await _step.WaitAsync().ConfigureAwait(false);
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_listener is { } listener)
        {
            await listener.DisposeAsync().ConfigureAwait(false);
        }

        if (_metrics is { } metrics)
        {
            await metrics.DisposeAsync().ConfigureAwait(false);
        }

        if (_receivers is { } receivers)
        {
            await receivers.DisposeAsync().ConfigureAwait(false);
        }

        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
        }

        _identity?.Dispose();
        _root?.Dispose();
    }

    private HardwareIdentity Unsealed() => _failed.Task.IsCompleted
        ? throw new NotNowException($"this HSM has failed: {_failed.Task.Result}")
        : _identity ?? throw new NotNowException("this HSM is sealed: it waits for its passphrase");

    private async Task OpenAsync(RootKey root, CancellationToken cancel)
    {
        _identity = HardwareIdentity.Open(_state, root);
        if (ClusterIdentity.Exists(_state))
        {
            await OpenClusterAsync(root, cancel).ConfigureAwait(false);
        }

        _root = root;
        Log.Reached(_logger, _state.Hsm.Hsm, State.ToString());
    }

    // A store that is whole in itself but not what this HSM remembers is an admin's to decide about; any other damage ends this HSM.
    private async Task OpenClusterAsync(RootKey root, CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        var identity = ClusterIdentity.Open(_state, root);
        OpenCluster cluster;
        try
        {
            cluster = await OpenCluster.OpenAsync(_state, root, _identity!, identity, _clock, NoticeAudit, cancel).ConfigureAwait(false);
        }
        catch (RollbackException e) when (e.Acceptable is { } acceptable)
        {
            identity.Dispose();
            _waitsFor = e.Message;
            _unaccepted = acceptable;
            Log.Unaccepted(_logger, e.Message);
            return;
        }

        var position = cluster.Module.Position;
        Log.Opened(_logger, cluster.Identity.Cluster.Value, position.Epoch, position.Sequence, watch.ElapsedMilliseconds);
        Keep(cluster);
        if (cluster.Identity.IsInitialized)
        {
            await ServeAsync(cluster).ConfigureAwait(false);
        }
    }

    private void NoticeAudit(string text) => Log.Audit(_logger, text);

    private void Keep(OpenCluster cluster)
    {
        _cluster = cluster;
        _receivers = new Receivers(_state, cluster.AuditFolder, cluster.Module, _loggers);
        _ = WatchAsync(cluster);
    }

    private async Task WatchAsync(OpenCluster cluster) => Fail(await cluster.Broken.ConfigureAwait(false));

    private async Task ServeAsync(OpenCluster cluster)
    {
        var certificate = cluster.Identity.TlsCertificate();
        var vouching = new Vouching(_identity!, cluster.Identity, cluster.Module, _clock, () => _listener?.Present(cluster.Identity.TlsCertificate(), cluster.Identity.Intermediates()));
        var hsm = new ServingHsm(cluster.Module, cluster.Identity.Cluster.Value, _state.Hsm.Hsm, _trust.Name, _counters, vouching, () => _clock.GetElapsedTime(_started), Fail);
        _listener = await DataListener.StartAsync(_state.Hsm.DataEndPoint, certificate, cluster.Identity.Intermediates(), hsm, _loggers, _clock).ConfigureAwait(false);
    }

    // Steps queue: what is asked while the HSM still starts waits until it has. What a caller did wrong is refused; everything else that goes wrong in a step means that this HSM must not go on.
    private Task<bool> StepAsync(Func<Task> step, CancellationToken cancel) => StepAsync(
        async () =>
        {
            await step().ConfigureAwait(false);
            return true;
        },
        cancel);

    private async Task<T> StepAsync<T>(Func<Task<T>> step, CancellationToken cancel)
    {
        await _step.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_failed.Task.IsCompleted)
            {
                throw new NotNowException($"this HSM has failed: {_failed.Task.Result}");
            }

            return await step().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (BirthException or NotNowException or OperationCanceledException))
        {
            Fail(e);
            throw new NotNowException($"this HSM has failed: {e.Message}");
        }
        finally
        {
            _step.Release();
        }
    }

    private void Fail(Exception e)
    {
        if (_disposed)
        {
            return;
        }

        // The stack is for what nobody expected; a damaged store or a failed self-test says all in its message.
        var isExpected = e is StateException or StoreException or CryptoException or IOException or AuditFailedException;
        Log.Failed(_logger, e.Message, isExpected ? null : e);
        var cause = e.Message.Length <= 1000 ? e.Message : e.Message[..1000];
        if (_failed.TrySetResult(cause) && _listener is { } listener)
        {
            _ = listener.DisposeAsync().AsTask();
        }
    }
}
