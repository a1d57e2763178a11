using Strongroom.Audit;
using Strongroom.Store;
using Strongroom.Store.Commits;

namespace Strongroom.Hsm.Audit;

/// <summary>Keeps an HSM's newest head as a record of its cluster, so that the cluster's own head and anchors cover it.</summary>
internal sealed class ClusterHeadKeeper(ClusterState state, Committer committer, string hsm) : IAuditHeadKeeper
{
    public AuditHead? Newest => state.AuditHeads.GetValueOrDefault(AuditHeadRecord.PathOf(hsm));

    public async Task KeepAsync(AuditHead head, CancellationToken cancel)
    {
        Change change = Change.Put(AuditHeadRecord.PathOf(hsm), AuditHeadRecord.Write(head));
        CommitResult<bool> kept = await committer.CommitAsync(_ => Proposal.Write(true, change), cancel).ConfigureAwait(false);
        if (kept.Status != ChangeStatus.Committed)
        {
            throw new StoreException("the store did not tell whether it kept the head");
        }
    }
}
