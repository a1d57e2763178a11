using Strongroom.Hsm.Users;
using Strongroom.Store.Commits;

namespace Strongroom.Hsm.Quorum;

/// <summary>Changes to the quorum settings. No number may be set that the admins could not reach, and none above the number that guards the numbers.</summary>
internal sealed class QuorumKeeper(ClusterState state, Committer committer)
{
    private const int MaxValue = 8;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Sets how many approvals a service takes; 1: none.</summary>
    public ValueTask<Outcome> SetValueAsync(QuorumService service, int value, CancellationToken cancel)
    {
        if (service is not (QuorumService.User or QuorumService.Quorum or QuorumService.Cluster))
        {
            return ValueTask.FromResult<Outcome>(Causes.QuorumServiceWrong);
        }

        if (value is < 1 or > MaxValue)
        {
            return ValueTask.FromResult<Outcome>(Causes.QuorumServiceValue);
        }

        return committer.TryAsync(
            view =>
            {
                QuorumSettings changed = state.Quorum.With(service, value);
                return value > 1 && Approvers.AmongAdmins(state.Users, view) < value ? Proposal.Refuse<Outcome>(Causes.TooFewApprovers)
                    : Math.Max(changed.User, changed.Cluster) > changed.Quorum ? Proposal.Refuse<Outcome>(Causes.QuorumAboveItsGuard)
                    : Write(changed);
            },
            cancel);
    }

    /// <summary>Sets how long tokens are good for; null: as it is.</summary>
    public ValueTask<Outcome> SetTimeoutsAsync(TimeSpan? generated, TimeSpan? approved, CancellationToken cancel) =>
        IsOdd(generated) || IsOdd(approved) || (generated, approved) == (null, null)
            ? ValueTask.FromResult<Outcome>(Causes.QuorumTimeout)
            : committer.TryAsync(
                _ => Write(state.Quorum with { GeneratedFor = generated ?? state.Quorum.GeneratedFor, ApprovedFor = approved ?? state.Quorum.ApprovedFor }), cancel);

    private static bool IsOdd(TimeSpan? timeout) => timeout is { } given && (given < Shortest || given > Longest);

    private static Proposal<Outcome> Write(QuorumSettings settings) => Proposal.Write(Outcome.Ok, Change.Put(QuorumRecord.Path, QuorumRecord.Write(settings)));
}
