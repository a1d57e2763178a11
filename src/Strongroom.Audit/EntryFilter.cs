namespace Strongroom.Audit;

/// <summary>Which entries someone wants to see. What is null does not matter; all of what is given must hold.</summary>
/// <param name="User">Who acted, or whom it was about.</param>
/// <param name="Key">A handle, used or made, first or second.</param>
/// <param name="Result">CK_RV.</param>
/// <param name="Failures">Only what was refused.</param>
/// <param name="Until">Excluded.</param>
public sealed record EntryFilter(
    string? User = null, ulong? Key = null, AuditOperation? Operation = null, uint? Result = null, bool Failures = false, DateTimeOffset? From = null, DateTimeOffset? Until = null)
{
    public bool Takes(AuditEntry entry)
    {
        var e = entry.Event;
        return (User is null || entry.Subject.User == User || e.Target?.Name == User)
            && (Key is null || e.Key == Key || e.SecondKey == Key)
            && (Operation is null || e.Operation == Operation)
            && (Result is null || e.Result == Result)
            && (!Failures || e.Result != 0)
            && (From is null || e.Time >= From)
            && (Until is null || e.Time < Until);
    }
}
