using System.Collections.Concurrent;

namespace Strongroom.Hsm.Sessions;

/// <summary>
/// What was created or destroyed under which number in the last ten minutes, so that a retry is answered as the first try was. For token objects it is filled by the store's feed: every created
/// object carries its number, every destroyed one leaves a record of it. For session objects each instance has one of its own.
/// </summary>
internal sealed class RecentCreations(TimeSpan kept, int limit)
{
    // How long a result is kept (design: 10 minutes).
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<CreationId, Result> _results = new();

    // In the order of their arrival; locked by itself.
    private readonly Queue<(CreationId Id, TimeSpan Until)> _order = new();

    /// <summary>Remembers one result. A pair's two halves come one after the other and are put together.</summary>
    /// <param name="id">Which request.</param>
    /// <param name="part">0, or 1 for a pair's private half.</param>
    /// <param name="handle">The object.</param>
    /// <param name="age">How long ago it was done.</param>
    /// <param name="now">The present by the boot clock: whoever sets the wall clock makes nothing be forgotten.</param>
    public void Add(CreationId id, int part, ObjectHandle handle, TimeSpan age, TimeSpan now)
    {
        if (age > kept)
        {
            return;
        }

        _results.AddOrUpdate(id, _ => Result.Of(part, handle), (_, old) => old.With(part, handle));
        lock (_order)
        {
            _order.Enqueue((id, now + kept - (age > TimeSpan.Zero ? age : TimeSpan.Zero)));
            while (_order.TryPeek(out (CreationId Id, TimeSpan Until) oldest) && (now > oldest.Until || _order.Count > limit))
            {
                _order.Dequeue();
                _results.TryRemove(oldest.Id, out _);
            }
        }
    }

    public bool TryGet(CreationId id, out Result result) => _results.TryGetValue(id, out result);

    /// <summary>The handles that a request gave: one, or a pair's public and private half.</summary>
    internal readonly record struct Result(ObjectHandle First, ObjectHandle Second)
    {
        public static Result Of(int part, ObjectHandle handle) => default(Result).With(part, handle);

        public Result With(int part, ObjectHandle handle) => part == 0 ? this with { First = handle } : this with { Second = handle };
    }
}
