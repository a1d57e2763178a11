using System.Text;

namespace Strongroom.Server.Supervision;

/// <summary>The last lines of a log, without reading the whole.</summary>
internal static class LogTail
{
    private const int MostBytes = 1 << 20;

    /// <summary>At most <paramref name="lines"/> lines from the last mebibyte; empty if there is no such file.</summary>
    public static string[] Read(string path, int lines)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(stream.Length, MostBytes), SeekOrigin.End);
        var buffer = new byte[MostBytes];
        var text = Encoding.UTF8.GetString(buffer, 0, stream.ReadAtLeast(buffer, MostBytes, throwOnEndOfStream: false));
        var all = text.TrimEnd('\n').Split('\n');
        return text.Length == 0 ? [] : all[^Math.Min(lines, all.Length)..];
    }

    /// <summary>Hands on what is appended to <paramref name="path"/> from now on, until cancelled; goes on after the file was rotated.</summary>
    public static async Task FollowAsync(string path, Action<string> line, CancellationToken cancel)
    {
        var position = File.Exists(path) ? new FileInfo(path).Length : 0;
        var rest = "";
        while (!cancel.IsCancellationRequested)
        {
            if (File.Exists(path))
            {
                using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                position = stream.Length < position ? 0 : position;
                stream.Seek(position, SeekOrigin.Begin);
                var buffer = new byte[64 * 1024];
                var read = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false);
                position += read;
                var pieces = (rest + Encoding.UTF8.GetString(buffer, 0, read)).Split('\n');
                foreach (var piece in pieces[..^1])
                {
                    line(piece);
                }

                rest = pieces[^1];
            }

            await Task.Delay(200, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
