using System.Globalization;
using System.Text;

namespace Strongroom.Node.Attacks;

/// <summary>All memory of another process, as root sees it through /proc/PID/mem (proc(5)).</summary>
internal static class ProcessMemory
{
    private const int Chunk = 1 << 20;
    private const int Overlap = 64;

    /// <summary>A place where a secret stands.</summary>
    /// <param name="Secret">its name</param>
    /// <param name="Region">the mapping's line in /proc/PID/maps</param>
    /// <param name="IsLocked">whether the mapping is locked into memory and left out of dumps</param>
    /// <param name="Around">what stands around it</param>
    internal sealed record Find(string Secret, string Region, bool IsLocked, string Around)
    {
        public override string ToString() => $"{Secret} in {Region}: {Around}";
    }

    /// <summary>Looks through everything that is readable.</summary>
    public static List<Find> Look(int process, SecretScan scan)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can look into a closed process: run the tests as root");
        var finds = new List<Find>();
        using var memory = File.OpenHandle($"/proc/{process}/mem");
        var buffer = new byte[Chunk];
        foreach (var (line, start, end, isLocked) in Regions(process))
        {
            for (var at = start; at < end; at += Chunk - Overlap)
            {
                var wanted = (int)Math.Min(Chunk, end - at);
                int read;
                try
                {
                    read = RandomAccess.Read(memory, buffer.AsSpan(0, wanted), at);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    break; // a file that is shorter than its mapping, or the kernel's own page
                }

                scan.Look(buffer.AsSpan(0, read), (name, offset) => finds.Add(new Find(name, line, isLocked, Around(buffer, offset, read))));
                if (wanted < Chunk)
                {
                    break;
                }
            }
        }

        return finds;
    }

    private static IEnumerable<(string Line, long Start, long End, bool IsLocked)> Regions(int process)
    {
        (string Line, long Start, long End)? region = null;
        foreach (var line in File.ReadLines($"/proc/{process}/smaps"))
        {
            var first = line.Split(' ')[0];
            if (first.Contains('-', StringComparison.Ordinal))
            {
                var ends = first.Split('-').Select(text => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
                region = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].StartsWith('r') && !line.EndsWith("[vsyscall]", StringComparison.Ordinal) ? (line, ends[0], ends[1]) : null;
            }
            else if (line.StartsWith("VmFlags:", StringComparison.Ordinal) && region is { } found)
            {
                yield return (found.Line, found.Start, found.End, line.Contains(" lo", StringComparison.Ordinal) && line.Contains(" dd", StringComparison.Ordinal));
            }
        }
    }

    private static string Around(byte[] buffer, int offset, int read)
    {
        var text = new StringBuilder();
        foreach (var value in buffer.AsSpan(Math.Max(0, offset - 96), Math.Min(192, read - Math.Max(0, offset - 96))))
        {
            text.Append(value is > 31 and < 127 ? (char)value : '.');
        }

        return text.ToString();
    }
}
