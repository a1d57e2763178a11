namespace Strongroom.Hsm.Sessions;

/// <summary>The two clocks together.</summary>
internal sealed class Clock(TimeProvider wall, BootClock boot)
{
    public DateTimeOffset Wall => wall.GetUtcNow();

    public Moment Now => new(boot.BootId, boot.Now, wall.GetUtcNow());
}
