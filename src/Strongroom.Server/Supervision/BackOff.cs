namespace Strongroom.Server.Supervision;

/// <summary>How long to wait before a program that died is started again: not at all the first time, then twice as long each time, up to 30 s.</summary>
public sealed class BackOff
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A program that lived this long is healthy: its next death counts as the first.</summary>
    public static readonly TimeSpan Healthy = TimeSpan.FromSeconds(30);

    private int _deaths;

    /// <summary>The wait after a death of a program that had lived for <paramref name="lifetime"/>.</summary>
    public TimeSpan After(TimeSpan lifetime)
    {
        _deaths = lifetime >= Healthy ? 1 : _deaths + 1;
        return _deaths == 1 ? TimeSpan.Zero : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(_deaths - 2, 20)));
    }
}
