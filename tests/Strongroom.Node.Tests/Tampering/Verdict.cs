namespace Strongroom.Node.Tampering;

/// <summary>What must come of a change.</summary>
/// <param name="Serves">whether the HSM goes on, or starts</param>
/// <param name="Says">of what does not serve: one of these is in what it says, parted by |; of what serves: why the file was not used</param>
internal sealed record Verdict(bool Serves, string Says)
{
    /// <summary>Whether the process may also be ended by the kernel, before it could say anything.</summary>
    public bool MayDie { get; init; }

    /// <summary>Whether it may also turn out to be unused: the bit lies in a page that is read later, or never.</summary>
    public bool OrUnused { get; init; }

    /// <summary>Whether the audit log's verification names it.</summary>
    public bool IsOfTheLog { get; init; }

    public static Verdict Refuses(string says) => new(false, says);

    public static Verdict Unused(string why) => new(true, why);

    public static Verdict Verified { get; } = Unused("the HSM reads no segment back: whoever verifies the log is told") with { IsOfTheLog = true };
}
