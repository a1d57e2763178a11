using System.Globalization;
using Strongroom.Audit.Records;

namespace Strongroom.Audit;

/// <summary>One segment's file in a log's directory or in an export of it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Compressed">gzip (RFC 1952); only finished segments are.</param>
public sealed record SegmentFile(uint Number, string Path, bool Compressed);

/// <summary>The names of a log's files: segment-00000001.log, compressed segment-00000001.log.gz; in an export also hsm.crt (the HSM's certificates, PEM) and end.json (its newest signed head).</summary>
public static class LogFiles
{
    public const string Certificates = "hsm.crt";
    public const string End = "end.json";

    public static string NameOf(uint number, bool compressed) => string.Create(CultureInfo.InvariantCulture, $"segment-{number:d8}.log{(compressed ? ".gz" : "")}");

    /// <summary>Opens a segment that was listed; the HSM may have compressed it since.</summary>
    /// <exception cref="FileNotFoundException">It is gone in both forms.</exception>
    public static SegmentReader Open(SegmentFile file)
    {
        try
        {
            return SegmentReader.Open(file.Path);
        }
        catch (FileNotFoundException) when (!file.Compressed)
        {
            return SegmentReader.Open(Path.Combine(Path.GetDirectoryName(file.Path)!, NameOf(file.Number, compressed: true)));
        }
    }

    /// <summary>The segments, by number. Where a segment is there in both forms (its compression was interrupted) the plain one counts.</summary>
    public static IReadOnlyList<SegmentFile> Segments(string directory)
    {
        var found = new SortedDictionary<uint, SegmentFile>();
        foreach (var path in Directory.EnumerateFiles(directory, "segment-*"))
        {
            var name = Path.GetFileName(path);
            var compressed = name.EndsWith(".log.gz", StringComparison.Ordinal);
            if ((compressed || name.EndsWith(".log", StringComparison.Ordinal))
                && uint.TryParse(name.AsSpan("segment-".Length, name.IndexOf('.', StringComparison.Ordinal) - "segment-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && (!compressed || !found.ContainsKey(number)))
            {
                found[number] = new SegmentFile(number, path, compressed);
            }
        }

        return [.. found.Values];
    }
}
