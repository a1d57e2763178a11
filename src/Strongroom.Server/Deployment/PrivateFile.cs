using System.Text;

namespace Strongroom.Server.Deployment;

/// <summary>Writes files that are there whole or not at all, with the mode they need from their first byte on.</summary>
public static class PrivateFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;
    public const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Replaces <paramref name="path"/> by a synced file with <paramref name="text"/> in UTF-8.</summary>
    public static void Write(string path, string text, UnixFileMode mode = OwnerOnly)
    {
        var draft = $"{path}.{Environment.ProcessId}.new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            // The umask takes bits away at creation; the mode asked for is the one wanted.
            File.SetUnixFileMode(stream.SafeFileHandle, mode);
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
