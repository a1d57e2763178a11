using Strongroom.Store;
using Strongroom.Store.Commits;

namespace Strongroom.Hsm;

/// <summary>Commits whose refusals are the module's own: a full disk or a store that can't keep up refuses the one change, and reading goes on. A store that stopped is a broken world and stays an exception.</summary>
internal static class Commits
{
    public static async ValueTask<Outcome> TryAsync(this Committer committer, Func<ISealedView, Proposal<Outcome>> change, CancellationToken cancel)
    {
        try
        {
            CommitResult<Outcome> result = await committer.CommitAsync(change, cancel).ConfigureAwait(false);
            return result.Status == ChangeStatus.Unknown ? Causes.CommitUnknown : result.Value;
        }
        catch (StoreException refused) when (!refused.Fatal)
        {
            return CauseOf(refused);
        }
    }

    public static async ValueTask<Outcome<T>> TryAsync<T>(this Committer committer, Func<ISealedView, Proposal<Outcome<T>>> change, CancellationToken cancel)
    {
        try
        {
            CommitResult<Outcome<T>> result = await committer.CommitAsync(change, cancel).ConfigureAwait(false);
            return result.Status == ChangeStatus.Unknown ? Causes.CommitUnknown : result.Value;
        }
        catch (StoreException refused) when (!refused.Fatal)
        {
            return CauseOf(refused);
        }
    }

    private static Cause CauseOf(StoreException refused) => refused is StoreFullException ? Causes.StoreFull : Causes.StoreBusy;
}
