using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Strongroom.Crypto;

namespace Strongroom.Store.Sealing;

/// <summary>
/// Seals and opens bytes for one purpose with AES-256-GCM (SP 800-38D), each writer under a key of its own. What is sealed is bound to its path and version, so it can't pass for another.
/// Nonces are 96 random bits with fresh kernel randomness in each. For a chance of a repeated nonce below 2^-32, SP 800-38D 8.3 allows 2^32 seals a key; a writer is replaced, and so the key, after 2^30.
/// May be used by several threads at once.
/// </summary>
public sealed class Sealer(ClusterKeys keys, string purpose) : IDisposable
{
    /// <summary>Seals under one writer's key.</summary>
    public const long SealsPerWriter = 1L << 30;

    // More keys than this are derived anew at every use: the arena they lie in is small, and only a store written by that many processes has more.
    private const int CachedKeys = 1024;

    private readonly ConcurrentDictionary<(ulong Epoch, WriterId Writer), SecretBuffer> _subkeys = new();

    // Replaced as a whole by the thread that notices that it is used up or of an old epoch; the others keep using the old one for the seal they are in.
    private volatile WritingKey? _writing;

    /// <summary>Seals under the current epoch.</summary>
    /// <param name="path">Whatever names the content; authenticated, not contained.</param>
    /// <param name="version">Authenticated and contained.</param>
    public byte[] Seal(string path, ulong version, ReadOnlySpan<byte> content) => Seal(keys.CurrentEpoch, path, version, content);

    /// <summary>Seals under a given epoch: what belongs together must not be divided by an epoch that begins meanwhile.</summary>
    internal byte[] Seal(ulong epoch, string path, ulong version, ReadOnlySpan<byte> content)
    {
        var writing = Writer(epoch);
        var nonce = new byte[Aead.NonceSize];
        RandomSource.Fill(nonce);
        var ciphertext = new byte[content.Length + Aead.TagSize];
        var subkey = Subkey(writing.Epoch, writing.Writer, out var transient);
        try
        {
            Aead.Seal(subkey.Span, nonce, Associated(path, version, stackalloc byte[AssociatedLength]), content, ciphertext);
        }
        finally
        {
            transient?.Dispose();
        }
        return new SealedRecord(writing.Epoch, writing.Writer, version, nonce, ciphertext).Encode();
    }

    /// <summary>Opens what <see cref="Seal"/> made.</summary>
    /// <returns>The content, and the version and epoch it was sealed with.</returns>
    /// <exception cref="FormatException">It is not what was sealed under this path, or has another form; the message says which.</exception>
    /// <exception cref="UnknownEpochException">The key is not here.</exception>
    public OpenedRecord Open(string path, ReadOnlyMemory<byte> encoded)
    {
        var record = SealedRecord.Parse(encoded);
        var content = new byte[record.Ciphertext.Length - Aead.TagSize];
        OpenInto(path, record, content);
        return new(content, record.Version, record.Epoch);
    }

    /// <summary>Opens key bytes straight into the locked arena; the caller disposes the result.</summary>
    /// <exception cref="FormatException">As <see cref="Open"/>.</exception>
    /// <exception cref="UnknownEpochException">The key is not here.</exception>
    public SecretBuffer OpenSecret(string path, ReadOnlyMemory<byte> encoded)
    {
        var record = SealedRecord.Parse(encoded);
        var content = SecretBuffer.Allocate(record.Ciphertext.Length - Aead.TagSize);
        try
        {
            OpenInto(path, record, content.Span);
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var subkey in _subkeys.Values)
        {
            subkey.Dispose();
        }
        _subkeys.Clear();
    }

    private void OpenInto(string path, SealedRecord record, Span<byte> content)
    {
        var subkey = Subkey(record.Epoch, record.Writer, out var transient);
        try
        {
            if (!Aead.TryOpen(subkey.Span, record.Nonce.Span, Associated(path, record.Version, stackalloc byte[AssociatedLength]), record.Ciphertext.Span, content))
            {
                throw new FormatException("it does not open: its bytes were changed, or it was sealed under another path, version, cluster or purpose");
            }
        }
        finally
        {
            transient?.Dispose();
        }
    }

    // Form byte, then cluster and path each behind its length (2 bytes), then version (8 bytes): no two of them give the same bytes.
    private const int AssociatedLength = 1 + 2 + 64 + 2 + StoreLimits.PathLength + 8;

    private Span<byte> Associated(string path, ulong version, Span<byte> buffer)
    {
        buffer[0] = (byte)SealedRecord.Format;
        var length = 1 + Text(buffer[1..], keys.Cluster.Value);
        length += Text(buffer[length..], path);
        BinaryPrimitives.WriteUInt64BigEndian(buffer[length..], version);
        return buffer[..(length + 8)];
    }

    private static int Text(Span<byte> buffer, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, buffer[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
        return 2 + length;
    }

    private WritingKey Writer(ulong epoch)
    {
        var writing = _writing;
        if (writing is null || writing.Epoch != epoch || Interlocked.Increment(ref writing.Seals) > SealsPerWriter)
        {
            _writing = writing = new(epoch, WriterId.Draw());
        }
        return writing;
    }

    private SecretBuffer Subkey(ulong epoch, WriterId writer, out SecretBuffer? transient)
    {
        transient = null;
        if (_subkeys.TryGetValue((epoch, writer), out var subkey))
        {
            return subkey;
        }
        subkey = keys.Derive(purpose, epoch, writer);
        if (_subkeys.Count < CachedKeys)
        {
            var kept = _subkeys.GetOrAdd((epoch, writer), subkey);
            if (!ReferenceEquals(kept, subkey))
            {
                subkey.Dispose();
            }
            return kept;
        }
        return transient = subkey;
    }

    private sealed class WritingKey(ulong epoch, WriterId writer)
    {
        public readonly ulong Epoch = epoch;
        public readonly WriterId Writer = writer;
        public long Seals;
    }
}
