namespace Strongroom.Hsm.Sessions;

/// <summary>
/// A point in time by both clocks. On the boot that took it only the boot clock counts, since nobody can set it; on any other boot (a restarted machine, another HSM's host) the wall clock must do.
/// </summary>
internal readonly record struct Moment(Guid BootId, TimeSpan SinceBoot, DateTimeOffset Wall)
{
    /// <summary>A while later.</summary>
    public Moment In(TimeSpan time) => new(BootId, SinceBoot + time, Wall + time);

    /// <summary>How long ago <paramref name="earlier"/> was; negative if it is still to come.</summary>
    public TimeSpan Since(Moment earlier) => BootId == earlier.BootId ? SinceBoot - earlier.SinceBoot : Wall - earlier.Wall;
}
