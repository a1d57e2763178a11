using System.Globalization;
using System.Text;

namespace Strongroom.Audit.Verification;

/// <summary>What a verification found.</summary>
/// <param name="CompleteUpTo">The newest head up to which every record is there, unchanged and signed for; null if there is none.</param>
/// <param name="LastSequence">The last event that was read.</param>
/// <param name="Findings">What is wrong, in the log's order; at most <see cref="LogVerifier.MostFindings"/>.</param>
/// <param name="Notes">What is accounted for but worth knowing: cuts, restarts, losses that the HSM itself reported.</param>
public sealed record VerificationReport(AuditHead? CompleteUpTo, ulong LastSequence, IReadOnlyList<Finding> Findings, IReadOnlyList<string> Notes)
{
    /// <summary>Nothing was changed, removed or inserted.</summary>
    public bool IsIntact => Findings.Count == 0;

    /// <summary>For people: the first line says whether and how far the log is complete.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var signed = CompleteUpTo is null
            ? "no part of the log is signed for"
            : string.Create(CultureInfo.InvariantCulture, $"complete up to {CompleteUpTo.Sequence}, signed at {CompleteUpTo.Time:yyyy-MM-ddTHH:mm:ss.ffffffZ} by {CompleteUpTo.Hsm}");
        text.Append(IsIntact ? "OK: " : "NOT INTACT: ").AppendLine(signed);
        foreach (var finding in Findings)
        {
            text.Append("  fault: ").Append(finding).AppendLine();
        }

        if (IsIntact && LastSequence > (CompleteUpTo?.Sequence ?? 0))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  note: events {(CompleteUpTo?.Sequence ?? 0) + 1} to {LastSequence} are chained but not yet signed");
        }

        foreach (var note in Notes)
        {
            text.Append("  note: ").AppendLine(note);
        }

        return text.ToString().TrimEnd();
    }
}
