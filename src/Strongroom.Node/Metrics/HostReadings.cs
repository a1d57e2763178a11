using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Strongroom.Hsm;

namespace Strongroom.Node.Metrics;

/// <summary>What runs out: certificates and disks.</summary>
internal static class HostReadings
{
    /// <summary>When each certificate ends. One that is not there yet has no line.</summary>
    public static IEnumerable<Counter> Expiries(params (string Name, string Pem)[] certificates)
    {
        foreach (var (name, pem) in certificates.Where(c => c.Pem.Length > 0))
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime()).ToUnixTimeSeconds();
            yield return new Counter($"strongroom_certificate_expiry_timestamp_seconds{{certificate=\"{name}\"}}", (ulong)Math.Max(0, ends), IsGauge: true);
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
