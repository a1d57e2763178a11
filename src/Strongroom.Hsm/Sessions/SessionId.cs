namespace Strongroom.Hsm;

/// <summary>A session's id, chosen by its instance: a number never used before there, times two, plus one if the session may write.</summary>
public readonly record struct SessionId(ulong Value)
{
    /// <summary>Whether the session was opened with CKF_RW_SESSION.</summary>
    public bool IsReadWrite => (Value & 1) == 1;
}
