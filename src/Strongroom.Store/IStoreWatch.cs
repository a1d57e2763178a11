namespace Strongroom.Store;

/// <summary>A reader's place in the order of changes below a prefix. One thread uses it at a time, but for <see cref="WaitAsync"/>.</summary>
public interface IStoreWatch : IAsyncDisposable
{
    /// <summary>Waits until there may be something to tell. May be called while another thread catches up; may wake for nothing.</summary>
    ValueTask WaitAsync(CancellationToken cancel);

    /// <summary>Everything that was committed by anyone before this call, from this watch's place on; moves the place. Bounded: if it is much, the rest is told by the next call.</summary>
    ValueTask<WatchResult> CatchUpAsync(CancellationToken cancel);

    /// <summary>Moves the place behind a commit that the caller made itself, so that it is not told again.</summary>
    void Advance(Revision revision);
}
