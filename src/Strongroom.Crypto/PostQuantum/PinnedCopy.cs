using System.Security.Cryptography;

namespace Strongroom.Crypto;

// BouncyCastle takes arrays alone: a secret's copy for the length of one call, pinned, so that the collector leaves no copy of it behind, and wiped.
internal readonly ref struct PinnedCopy
{
    public PinnedCopy(ReadOnlySpan<byte> secret)
    {
        Bytes = GC.AllocateUninitializedArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(Bytes);
    }

    public byte[] Bytes { get; }

    public void Dispose() => CryptographicOperations.ZeroMemory(Bytes);
}
