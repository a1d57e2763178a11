namespace Strongroom.Hsm.Tests.Cluster;

/// <summary>A boot clock that the test drives; a new id is a new boot.</summary>
internal sealed class TestBootClock : BootClock
{
    public Guid Boot { get; set; } = Guid.NewGuid();

    public TimeSpan Uptime { get; set; } = TimeSpan.FromDays(3);

    public override Guid BootId => Boot;

    public override TimeSpan Now => Uptime;
}
