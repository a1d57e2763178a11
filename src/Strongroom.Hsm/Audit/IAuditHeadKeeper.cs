using Strongroom.Audit;

namespace Strongroom.Hsm.Audit;

/// <summary>Where the newest head is kept outside the log: in the cluster's store, under the cluster's head.</summary>
public interface IAuditHeadKeeper
{
    /// <summary>The newest head that was kept for this HSM; null if there is none.</summary>
    AuditHead? Newest { get; }

    /// <summary>Keeps a newer one. Its failure is noticed and tried again with the next head.</summary>
    Task KeepAsync(AuditHead head, CancellationToken cancel);
}
