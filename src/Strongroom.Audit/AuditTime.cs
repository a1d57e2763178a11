namespace Strongroom.Audit;

/// <summary>Times in the log: microseconds since 1970-01-01T00:00:00Z, the resolution of AWS's log.</summary>
public static class AuditTime
{
    /// <summary>Rounded down.</summary>
    public static long ToMicroseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <exception cref="AuditFormatException">A number that no clock shows.</exception>
    public static DateTimeOffset FromMicroseconds(long microseconds)
    {
        const long Last = 253_402_300_799_999_999;   // 9999-12-31
        return microseconds is >= 0 and <= Last
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
            : throw new AuditFormatException("a time that no clock shows");
    }
}
