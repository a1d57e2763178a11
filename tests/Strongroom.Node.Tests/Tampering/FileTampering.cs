namespace Strongroom.Node.Tampering;

/// <summary>What somebody with access to the disk does to a file.</summary>
internal static class FileTampering
{
    public static void Flip(string path, long at, int bit)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Span<byte> one = stackalloc byte[1];
        Assert.Equal(1, RandomAccess.Read(file, one, at));
        one[0] ^= (byte)(1 << bit);
        RandomAccess.Write(file, one, at);
    }

    public static void Truncate(string path, long length)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, length);
    }

    /// <summary>The same file, other bytes.</summary>
    public static void Overwrite(string path, byte[] content)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, content.Length);
        RandomAccess.Write(file, content, 0);
    }

    /// <summary>Another file under the same name.</summary>
    public static void Rename(string path, byte[] content)
    {
        var mode = File.GetUnixFileMode(path);
        File.WriteAllBytes(path + ".other", content);
        File.SetUnixFileMode(path + ".other", mode);
        File.Move(path + ".other", path, overwrite: true);
    }
}
