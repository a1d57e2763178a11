using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Strongroom.Crypto;

namespace Strongroom.Store.Sealing;

/// <summary>
/// The cluster keys of a cluster, one of 256 bits an epoch, and the keys derived from them. Nothing is ever sealed under a cluster key itself.
/// A subkey is HKDF-SHA-256 (RFC 5869) of the epoch's key, salted with the cluster's id, with the info "strongroom v1" 0 purpose 0 epoch (8 bytes, big-endian) writer (16 bytes; zero if it has none).
/// </summary>
public sealed class ClusterKeys(ClusterId cluster) : IDisposable
{
    /// <summary>Bytes of a cluster key and of every subkey.</summary>
    public const int KeyLength = 32;

    // Added to by whoever starts an epoch, read by all threads. Entries are removed by Dispose alone.
    private readonly ConcurrentDictionary<ulong, SecretBuffer> _epochs = new();
    private ulong _currentEpoch;

    public ClusterId Cluster { get; } = cluster;

    /// <summary>The epoch under which is sealed: the highest that was added; 0 before the first.</summary>
    public ulong CurrentEpoch => Volatile.Read(ref _currentEpoch);

    /// <summary>Adds an epoch's key, which is disposed with this. Epochs count from 1.</summary>
    public void Add(ulong epoch, SecretBuffer key)
    {
        ArgumentOutOfRangeException.ThrowIfZero(epoch);
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyLength);
        if (!_epochs.TryAdd(epoch, key))
        {
            throw new ArgumentException($"The key of epoch {epoch} is already there.", nameof(epoch));
        }
        Volatile.Write(ref _currentEpoch, Math.Max(CurrentEpoch, epoch));
    }

    public bool Has(ulong epoch) => _epochs.ContainsKey(epoch);

    /// <summary>Derives a subkey; the caller disposes it.</summary>
    /// <param name="purpose">A short name in ASCII: "record", "head", "sum", "key", "ticket"…</param>
    /// <param name="writer">Default for keys that do not seal.</param>
    /// <exception cref="UnknownEpochException">The epoch's key is not here: not yet received, or destroyed.</exception>
    public SecretBuffer Derive(string purpose, ulong epoch, WriterId writer = default)
    {
        if (!_epochs.TryGetValue(epoch, out var root))
        {
            throw new UnknownEpochException(epoch);
        }
        Span<byte> salt = stackalloc byte[64];
        salt = salt[..Encoding.UTF8.GetBytes(Cluster.Value, salt)];
        Span<byte> info = stackalloc byte[128];
        "strongroom v1\0"u8.CopyTo(info);
        var length = 14 + Encoding.ASCII.GetBytes(purpose, info[14..64]);
        info[length++] = 0;
        BinaryPrimitives.WriteUInt64BigEndian(info[length..], epoch);
        writer.Write(info[(length + 8)..]);
        return Hkdf.DeriveKey(root.Span, salt, info[..(length + 8 + WriterId.Length)], KeyLength);
    }

    public void Dispose()
    {
        foreach (var key in _epochs.Values)
        {
            key.Dispose();
        }
        _epochs.Clear();
    }
}
