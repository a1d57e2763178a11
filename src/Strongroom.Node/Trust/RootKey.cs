using System.Text;
using Strongroom.Crypto;
using Strongroom.Node.State;

namespace Strongroom.Node.Trust;

/// <summary>
/// The key under which an HSM's state directory is sealed. Each seal has an AES-256-GCM key of its own, derived (HKDF-SHA-256, RFC 5869) with a drawn 128-bit salt, so that no count of nonces
/// (SP 800-38D 8.3) has to survive restarts.
/// The associated data holds HSM and item, so that no item passes for another or for another HSM's.
/// </summary>
internal sealed class RootKey(SecretBuffer key, string hsm) : IDisposable
{
    private const byte FormatVersion = 1;
    private const int HeaderSize = 1 + SaltSize + Aead.NonceSize;
    private const int SaltSize = 16;

    /// <summary>Seals an item: version, salt, nonce, ciphertext, tag.</summary>
    public byte[] Seal(string item, ReadOnlySpan<byte> plaintext)
    {
        var sealedItem = new byte[HeaderSize + plaintext.Length + Aead.TagSize];
        sealedItem[0] = FormatVersion;
        RandomSource.Fill(sealedItem.AsSpan(1, SaltSize + Aead.NonceSize));
        using var itemKey = KeyOf(item, sealedItem.AsSpan(1, SaltSize));
        Aead.Seal(itemKey.Span, sealedItem.AsSpan(1 + SaltSize, Aead.NonceSize), Associated(item), plaintext, sealedItem.AsSpan(HeaderSize));
        return sealedItem;
    }

    /// <summary>Opens an item.</summary>
    /// <exception cref="StateException">it was not sealed by this root of trust for this HSM under this name</exception>
    public SecretBuffer Open(string item, ReadOnlySpan<byte> sealedItem) =>
        TryOpen(item, sealedItem) ?? throw new StateException($"{item} was changed, or was not sealed by this HSM's root of trust");

    /// <summary>Opens an item, or null.</summary>
    public SecretBuffer? TryOpen(string item, ReadOnlySpan<byte> sealedItem)
    {
        if (sealedItem.Length < HeaderSize + Aead.TagSize || sealedItem[0] != FormatVersion)
        {
            return null;
        }

        using var itemKey = KeyOf(item, sealedItem.Slice(1, SaltSize));
        var plaintext = SecretBuffer.Allocate(sealedItem.Length - HeaderSize - Aead.TagSize);
        if (Aead.TryOpen(itemKey.Span, sealedItem.Slice(1 + SaltSize, Aead.NonceSize), Associated(item), sealedItem[HeaderSize..], plaintext.Span))
        {
            return plaintext;
        }

        plaintext.Dispose();
        return null;
    }

    /// <summary>A key for something that seals itself, such as the anchor. The caller disposes it.</summary>
    public SecretBuffer Derive(string purpose) => KeyOf(purpose, default);

    public void Dispose() => key.Dispose();

    private SecretBuffer KeyOf(string item, ReadOnlySpan<byte> salt) => Hkdf.DeriveKey(key.Span, salt, Associated(item), Aead.KeySize);

    private byte[] Associated(string item) => Encoding.UTF8.GetBytes($"strongroom state v1\0{hsm}\0{item}");
}
