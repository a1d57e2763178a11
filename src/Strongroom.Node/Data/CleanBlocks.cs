using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;

namespace Strongroom.Node.Data;

/// <summary>
/// The memory of connections beyond TLS, in which passwords, key values and plaintext arrive and leave: pinned, so that the garbage collector leaves no copies, and cleared when it is given back.
/// Blocks are powers of two from 4 KiB to 2 MiB, which holds the longest frame; some of each size are kept.
/// </summary>
internal sealed class CleanBlocks : MemoryPool<byte>
{
    /// <summary>Bytes of the smallest block.</summary>
    public const int Smallest = 1 << SmallestBits;

    private const int SmallestBits = 12;
    private const int LargestBits = 21;
    private const int KeptBytes = 8 << 20; // of each size

    // Blocks that wait to be rented, for each size, and how many they are: counted beside the queue, which takes long to count itself.
    private static readonly ConcurrentQueue<byte[]>[] Free = [.. Enumerable.Range(SmallestBits, LargestBits - SmallestBits + 1).Select(_ => new ConcurrentQueue<byte[]>())];
    private static readonly int[] Kept = new int[Free.Length];

    private CleanBlocks()
    {
    }

    /// <summary>The one of this process.</summary>
    public static CleanBlocks Pool { get; } = new();

    public override int MaxBufferSize => 1 << LargestBits;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, MaxBufferSize);
        var bits = minBufferSize <= Smallest ? SmallestBits : BitOperations.Log2((uint)minBufferSize - 1) + 1;
        return new Block(bits);
    }

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Block : IMemoryOwner<byte>
    {
        private readonly int _bits;
        private byte[]? _bytes;

        public Block(int bits)
        {
            _bits = bits;
            if (Free[bits - SmallestBits].TryDequeue(out _bytes))
            {
                Interlocked.Decrement(ref Kept[bits - SmallestBits]);
            }
            else
            {
                _bytes = GC.AllocateUninitializedArray<byte>(1 << bits, pinned: true);
            }
        }

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is not { } bytes)
            {
                return;
            }

            CryptographicOperations.ZeroMemory(bytes);
            ref var kept = ref Kept[_bits - SmallestBits];
            if ((long)Interlocked.Increment(ref kept) << _bits <= KeptBytes)
            {
                Free[_bits - SmallestBits].Enqueue(bytes);
            }
            else
            {
                Interlocked.Decrement(ref kept);
            }
        }
    }
}
