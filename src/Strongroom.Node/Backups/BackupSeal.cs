using System.Buffers.Binary;
using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Node.Trust;

namespace Strongroom.Node.Backups;

/// <summary>
/// How what follows a backup's header is sealed. Each backup draws a key; that key is sealed under the root of trust of the HSM that made it, and its items under keys derived from it: so the file is of use only to whoever holds the root of trust.
/// Pages are sealed with AES-256-GCM under one such key, with their number as nonce (SP 800-38D 8.2.1), and their kind and number authenticated: none can be left out, moved, or taken from another backup.
/// </summary>
internal sealed class BackupSeal : IDisposable
{
    /// <summary>A page of records.</summary>
    public const byte Page = 1;

    /// <summary>The last thing in the file.</summary>
    public const byte End = 2;

    private const string KeyItem = "backup";
    private readonly RootKey _root;
    private readonly SecretBuffer _pages;
    private readonly string _binding;

    private BackupSeal(SecretBuffer key, BackupHeader header, byte[] opener)
    {
        _root = new RootKey(key, header.Hsm);
        _binding = Convert.ToHexString(SHA256.HashData([.. header.Encode(), .. opener]));
        _pages = _root.Derive($"backup pages {_binding}");
    }

    /// <summary>Draws the key of a new backup.</summary>
    /// <param name="root">of the HSM that makes it</param>
    /// <param name="header">its first line</param>
    /// <param name="opener">what the root of trust needs to be opened elsewhere</param>
    /// <param name="sealedKey">goes into the file</param>
    public static BackupSeal Draw(RootKey root, BackupHeader header, byte[] opener, out byte[] sealedKey)
    {
        var key = SecretBuffer.Random(Aead.KeySize);
        sealedKey = root.Seal(KeyItem, key.Span);
        return new BackupSeal(key, header, opener);
    }

    /// <summary>Opens the key of a backup; null if this is not its root of trust.</summary>
    public static BackupSeal? TryOpen(RootKey root, BackupHeader header, byte[] opener, ReadOnlySpan<byte> sealedKey) =>
        root.TryOpen(KeyItem, sealedKey) is { Length: Aead.KeySize } key ? new BackupSeal(key, header, opener) : null;

    /// <summary>Seals one of the cluster's own items.</summary>
    public byte[] SealItem(string item, ReadOnlySpan<byte> plaintext) => _root.Seal(Bound(item), plaintext);

    /// <summary>Opens one; null if it was changed. The caller disposes it.</summary>
    public SecretBuffer? TryOpenItem(string item, ReadOnlySpan<byte> sealedItem) => _root.TryOpen(Bound(item), sealedItem);

    /// <summary>Seals a page of records, which are sealed themselves.</summary>
    public byte[] SealPage(byte kind, ulong number, ReadOnlySpan<byte> plaintext)
    {
        var output = new byte[plaintext.Length + Aead.TagSize];
        Aead.Seal(_pages.Span, Nonce(number, stackalloc byte[Aead.NonceSize]), [kind], plaintext, output);
        return output;
    }

    /// <summary>Opens a page; null if it was changed or stands in another place.</summary>
    public byte[]? TryOpenPage(byte kind, ulong number, ReadOnlySpan<byte> sealedPage)
    {
        if (sealedPage.Length < Aead.TagSize)
        {
            return null;
        }

        var output = new byte[sealedPage.Length - Aead.TagSize];
        return Aead.TryOpen(_pages.Span, Nonce(number, stackalloc byte[Aead.NonceSize]), [kind], sealedPage, output) ? output : null;
    }

    public void Dispose()
    {
        _pages.Dispose();
        _root.Dispose();
    }

    private string Bound(string item) => $"backup {item} {_binding}";

    private static Span<byte> Nonce(ulong number, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], number);
        return nonce;
    }
}
