using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Strongroom.Audit;
using Strongroom.Audit.Following;
using Strongroom.Hsm;
using Strongroom.Node.State;

namespace Strongroom.Node.Forwarding;

/// <summary>
/// Brings the log to one receiver, at least once and in order, from its first segment on. It reads what the HSM has written and never holds an operation up: a receiver that is slow or gone only lags, and what it has not got yet stays in the log.
/// </summary>
internal sealed class Forwarder : IAsyncDisposable
{
    private const int Batch = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RememberEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly string _name;
    private readonly IReceiver _receiver;
    private readonly Func<ulong> _lastEvent;
    private readonly string _positionFile;
    private readonly ILogger _logger;
    private readonly AuditFollower _follower;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private long _remembered;
    private uint _reachedSegment;
    private ulong _reached;
    private ulong _sent;
    private ulong _failures;

    public Forwarder(ForwardSettings settings, IReceiver receiver, IAuditFeed feed, Func<ulong> lastEvent, string positionFile, ILogger logger)
    {
        (_name, _receiver, _lastEvent, _positionFile, _logger) = (settings.Name, receiver, lastEvent, positionFile, logger);
        var position = ForwardPosition.Read(positionFile);
        (_reachedSegment, _reached) = (position.Segment, position.Sequence);
        _follower = new AuditFollower(feed, position.Segment, position.Sequence);
        _work = Task.Run(RunAsync);
    }

    /// <summary>Its figures for /metrics.</summary>
    public IEnumerable<Counter> Read()
    {
        var (last, reached) = (_lastEvent(), Volatile.Read(ref _reached));
        yield return new Counter($"strongroom_audit_forward_lag_events{{receiver=\"{_name}\"}}", last - Math.Min(last, reached), IsGauge: true);
        yield return new Counter($"strongroom_audit_forwarded_total{{receiver=\"{_name}\"}}", Volatile.Read(ref _sent));
        yield return new Counter($"strongroom_audit_forward_failures_total{{receiver=\"{_name}\"}}", Volatile.Read(ref _failures));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            Remember(isTime: true);
        }
        catch (StateException e)
        {
            Log.Unreadable(_logger, _name, e.Message);
        }

        _follower.Dispose();
        await _receiver.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var items = await _follower.NextAsync(Batch, _stop.Token).ConfigureAwait(false);
                if (items.Count == 0)
                {
                    await Task.Delay(Pause, _stop.Token).ConfigureAwait(false);
                    continue;
                }

                await SendAsync(items).ConfigureAwait(false);
                _reachedSegment = _follower.Segment;
                Volatile.Write(ref _reached, _follower.Last);
                Volatile.Write(ref _sent, _sent + (ulong)items.Count(item => item.Entry is not null));
                Remember(Stopwatch.GetElapsedTime(_remembered) > RememberEvery);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is IOException or StateException or UnauthorizedAccessException or AuditFormatException)
            {
                Log.Unreadable(_logger, _name, e.Message);
                await Task.Delay(LongestWait, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // What comes between two of these is sent again after a kill.
    private void Remember(bool isTime)
    {
        if (isTime && _reached > 0)
        {
            new ForwardPosition(_reachedSegment, _reached).Write(_positionFile);
            _remembered = Stopwatch.GetTimestamp();
        }
    }

    // Until it has them. Only the first of a row of failures is worth a line in the HSM's own log.
    private async Task SendAsync(IReadOnlyList<FollowedItem> items)
    {
        var wait = TimeSpan.FromSeconds(1);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await _receiver.SendAsync(items, _stop.Token).ConfigureAwait(false);
                if (attempt > 0)
                {
                    Log.TakesAgain(_logger, _name, attempt);
                }

                return;
            }
            catch (IOException e)
            {
                Interlocked.Increment(ref _failures);
                if (attempt == 0)
                {
                    Log.Refused(_logger, _name, e.Message);
                }

                await Task.Delay(wait, _stop.Token).ConfigureAwait(false);
                wait = TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, wait.Ticks * 2));
            }
        }
    }
}
