using System.Globalization;
using Strongroom.Hsm;
using Strongroom.Node.Birth;

namespace Strongroom.Node.Metrics;

/// <summary>What runs out: certificates and disks.</summary>
internal static class HostReadings
{
    /// <summary>When each certificate ends, and how near that is. Of several under one name (a chain) the one that ends first counts.</summary>
    public static IEnumerable<Counter> Expiries(IEnumerable<CertificateLife> certificates, DateTimeOffset now)
    {
        foreach (var first in certificates.GroupBy(life => life.Name).Select(lives => lives.MinBy(life => life.NotAfter)!))
        {
            yield return new Counter($"strongroom_certificate_expiry_timestamp_seconds{{certificate=\"{first.Name}\"}}", (ulong)Math.Max(0, first.NotAfter.ToUnixTimeSeconds()), IsGauge: true);
            yield return new Counter($"strongroom_certificate_expiry_warning_seconds{{certificate=\"{first.Name}\"}}", (ulong)TimeSpan.FromDays(first.Warning(now)).TotalSeconds, IsGauge: true);
        }
    }

    /// <summary>Room on the disks of some paths. One that can't be asked has no line.</summary>
    public static IEnumerable<Counter> Disks(params (string Name, string Path)[] disks)
    {
        foreach (var (name, path) in disks)
        {
            if (Free(path) is { } free)
            {
                yield return new Counter(string.Create(CultureInfo.InvariantCulture, $"strongroom_disk_free_bytes{{disk=\"{name}\"}}"), free, IsGauge: true);
            }
        }
    }

    private static ulong? Free(string path)
    {
        try
        {
            return (ulong)new DriveInfo(path).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
