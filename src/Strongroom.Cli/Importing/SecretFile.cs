using System.Security.Cryptography;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Importing;

/// <summary>A file with a key in it: its bytes, pinned so that no copy is left behind, and cleared when disposed.</summary>
internal sealed class SecretFile : IDisposable
{
    private const int MaxSize = 65536;

    private SecretFile(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    /// <exception cref="CommandRefusedException">It is empty or longer than 64 KiB.</exception>
    public static SecretFile Read(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length is 0 or > MaxSize)
        {
            throw new CommandRefusedException($"{path} has {file.Length} bytes; a key's file has 1 to {MaxSize}");
        }

        var bytes = GC.AllocateUninitializedArray<byte>((int)file.Length, pinned: true);
        file.ReadExactly(bytes);
        return new SecretFile(bytes);
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(Bytes);
}
