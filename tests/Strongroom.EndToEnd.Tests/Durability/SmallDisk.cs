using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>A file system of a few MiB in memory, mounted over a folder with the folder's files on it.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder, int mebibytes)
    {
        _folder = folder;
        var aside = folder + ".aside";
        Directory.Move(folder, aside);
        Directory.CreateDirectory(folder, File.GetUnixFileMode(aside));
        Programs.Run("mount", ["-t", "tmpfs", "-o", $"size={mebibytes}m,mode=700", "tmpfs", folder]).MustSucceed();
        Programs.Run("cp", ["-a", aside + "/.", folder]).MustSucceed();
        Directory.Delete(aside, recursive: true);
    }

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>Leaves not a byte.</summary>
    public void Fill()
    {
        using var file = File.OpenHandle(Filler, FileMode.Create, FileAccess.Write);
        var block = new byte[4096];
        try
        {
            for (var at = 0L; ; at += block.Length)
            {
                RandomAccess.Write(file, block, at);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    /// <summary>What is on it stays in the folder.</summary>
    public void Dispose()
    {
        MakeRoom();
        var aside = _folder + ".aside";
        Programs.Run("cp", ["-a", _folder, aside]).MustSucceed();
        Programs.Run("umount", ["--lazy", _folder]).MustSucceed();
        Directory.Delete(_folder);
        Directory.Move(aside, _folder);
    }
}
