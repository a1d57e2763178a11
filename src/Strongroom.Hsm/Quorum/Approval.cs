namespace Strongroom.Hsm.Quorum;

/// <summary>An approved token that an operation has taken: nothing else can take it until the operation tells how it ended, and nothing at all if it never does.</summary>
internal sealed class Approval(ApprovalTokens tokens, ApprovalToken token, int deletions)
{
    /// <summary>Tells how the operation ended. One that was refused, and so changed nothing, gives the token back; one that may have been done does not.</summary>
    /// <param name="cause">Of its refusal; null if it was done.</param>
    public void End(Cause? cause)
    {
        if (cause is not null && cause != Causes.CommitUnknown)
        {
            tokens.GiveBack(token, deletions);
        }
    }
}
