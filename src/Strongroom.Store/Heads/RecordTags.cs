using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Strongroom.Crypto;
using Strongroom.Store.Sealing;

namespace Strongroom.Store.Heads;

/// <summary>
/// Computes records' tags, the summands of a head's sum: HMAC-SHA-256 over (path behind its length in 2 bytes, version in 8 bytes, the sealed bytes), keyed for the purpose "sum" by the epoch under which the record is sealed,
/// so that a new epoch leaves the tags of the records that are not re-sealed yet as they are.
/// </summary>
internal sealed class RecordTags(ClusterKeys keys) : IDisposable
{
    private readonly ConcurrentDictionary<ulong, SecretBuffer> _keys = new();

    public ContentSum Of(string path, ulong version, ulong epoch, ReadOnlySpan<byte> sealedBytes)
    {
        Span<byte> name = stackalloc byte[2 + StoreLimits.PathLength + 8];
        var length = Encoding.ASCII.GetBytes(path, name[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(name, (ushort)length);
        BinaryPrimitives.WriteUInt64BigEndian(name[(2 + length)..], version);
        Span<byte> tag = stackalloc byte[HmacSha256.Size];
        HmacSha256.Compute(Key(epoch).Span, name[..(2 + length + 8)], tag, sealedBytes);
        return ContentSum.Read(tag);
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
        _keys.Clear();
    }

    private SecretBuffer Key(ulong epoch)
    {
        if (_keys.TryGetValue(epoch, out var key))
        {
            return key;
        }
        key = keys.Derive("sum", epoch);
        var kept = _keys.GetOrAdd(epoch, key);
        if (!ReferenceEquals(kept, key))
        {
            key.Dispose();
        }
        return kept;
    }
}
