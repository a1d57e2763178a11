using System.Buffers.Binary;
using Strongroom.Crypto;
using Strongroom.Hsm.Sessions;
using Strongroom.Store.Sealing;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// Where handles come from. A token object's is computed from the request that makes it (HMAC-SHA-256 under a key of the cluster), so that two tries of one request, on whatever HSMs, meet at the
/// same record and only one of them is stored. Without the key nobody can choose a handle, and one that was destroyed does not come back.
/// </summary>
internal sealed class HandleSource(ClusterKeys keys) : IDisposable
{
    private const ulong TokenMask = (1UL << 62) - 1;

    private readonly SecretBuffer _key = keys.Derive("handle", 1);
    private readonly ulong _sessionBase = DrawBase();
    private long _sessions;

    /// <summary>The handle of a token object.</summary>
    /// <param name="request">The request that makes it.</param>
    /// <param name="part">0, or 1 for a pair's private half.</param>
    /// <param name="attempt">0; one more each time that another object already has the handle.</param>
    public ObjectHandle ForToken(CreationId request, int part, int attempt)
    {
        Span<byte> number = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(number, request.Number.Value);
        BinaryPrimitives.WriteInt32BigEndian(number[8..], part);
        BinaryPrimitives.WriteInt32BigEndian(number[12..], attempt);
        Span<byte> code = stackalloc byte[HmacSha256.Size];
        HmacSha256.Compute(_key.Span, request.Instance.ToArray(), code, number);
        ulong handle = BinaryPrimitives.ReadUInt64BigEndian(code) & TokenMask;
        return handle != 0 ? new ObjectHandle(handle) : ForToken(request, part, attempt + 1);
    }

    /// <summary>A handle that no session object of this process had, nor, but for a chance of 2^-30, one of the process before it.</summary>
    public ObjectHandle ForSession() => ObjectHandle.ForSession(_sessionBase | (ulong)Interlocked.Increment(ref _sessions));

    public void Dispose() => _key.Dispose();

    // 30 random bits above a counter of 32.
    private static ulong DrawBase()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomSource.Fill(bytes);
        return (BinaryPrimitives.ReadUInt64BigEndian(bytes) & ((1UL << 30) - 1)) << 32;
    }
}
