using System.Security.Cryptography;
using Strongroom.Cli.Attributes;

namespace Strongroom.Cli.Importing;

/// <summary>A key as it is before it is wrapped: PKCS#8 of a private key, the bytes of a secret one. Cleared when disposed.</summary>
/// <param name="keyClass">private or secret</param>
/// <param name="type">CKK_ number</param>
/// <param name="bytes">becomes this object's to clear</param>
internal sealed class ClearKey(KeyClass keyClass, ulong type, byte[] bytes) : IDisposable
{
    public KeyClass Class { get; } = keyClass;

    /// <summary>CKK_ number.</summary>
    public ulong Type { get; } = type;

    public ReadOnlySpan<byte> Bytes => bytes;

    public void Dispose() => CryptographicOperations.ZeroMemory(bytes);
}
