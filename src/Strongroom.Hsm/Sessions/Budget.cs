namespace Strongroom.Hsm.Sessions;

/// <summary>What all instances may hold together.</summary>
internal sealed class Budget
{
    public Tally Sessions { get; } = new(SessionLimits.Sessions);

    public Tally Objects { get; } = new(SessionLimits.Objects);

    public Tally Operations { get; } = new(SessionLimits.Operations);
}
