using System.Numerics;
using System.Runtime.InteropServices;

namespace Strongroom.Crypto;

/// <summary>
/// The one piece of locked memory in which key bytes live: never swapped, not in core dumps, not inherited by children, between two guard pages, zeroed when a block is given back.
/// A buddy allocator: blocks are powers of two from 32 bytes; neighbours that are both free become one again, so that 20,000 keys that come and go don't shred it.
/// </summary>
public static unsafe partial class SecretArena
{
    /// <summary>4 MiB: half of the 8 MiB that a process may lock without privileges.</summary>
    public const int Size = 4 << 20;

    private const int Smallest = 32;
    private const int Orders = 18;                                 // 32 bytes … 4 MiB
    private const int GuardPage = 4096;
    private const byte Interior = 0xFF;
    private const byte FreeFlag = 0x80;

    private static readonly Lock Gate = new();                     // guards everything below; held for a few dozen instructions
    private static readonly byte* Base = Map();
    private static readonly byte[] State = InitialState();         // for each block's first 32 bytes: its order, and whether it is free
    private static readonly nint[] FreeLists = InitialFreeLists(); // per order, heads of lists that run through the free blocks themselves
    private static int _used;

    /// <summary>Bytes handed out now, counted in whole blocks.</summary>
    public static int Used => Volatile.Read(ref _used);

    /// <summary>Maps and locks the arena now rather than at the first secret.</summary>
    /// <exception cref="CryptoException">It can't be locked; the message names RLIMIT_MEMLOCK and its value.</exception>
    public static void Initialize()
    {
        try
        {
            if (Base is null)
            {
                throw new CryptoException("The secret arena was not mapped.");
            }
        }
        catch (TypeInitializationException failure) when (failure.InnerException is CryptoException cause)
        {
            throw new CryptoException(cause.Message);
        }
    }

    internal static byte* Take(int length)
    {
        var order = OrderOf(length);
        lock (Gate)
        {
            var from = order;
            while (from < Orders && FreeLists[from] == 0)
            {
                from++;
            }

            if (from >= Orders)
            {
                throw new SecretArenaFullException(length, _used);
            }

            var block = (byte*)FreeLists[from];
            Unlink(block, from);
            while (from > order)
            {
                from--;
                Link(block + (Smallest << from), from);
            }

            State[IndexOf(block)] = (byte)order;
            _used += Smallest << order;
            return block;
        }
    }

    internal static void Give(byte* block, int length)
    {
        NativeMemory.Clear(block, (nuint)length);
        lock (Gate)
        {
            var order = (int)State[IndexOf(block)];
            _used -= Smallest << order;
            while (order < Orders - 1)
            {
                var buddy = Base + ((block - Base) ^ (Smallest << order));
                if (State[IndexOf(buddy)] != (byte)(order | FreeFlag))
                {
                    break;
                }

                Unlink(buddy, order);
                State[IndexOf(buddy)] = Interior;
                State[IndexOf(block)] = Interior;
                block = buddy < block ? buddy : block;
                order++;
            }

            Link(block, order);
        }
    }

    private static int OrderOf(int length) => length <= Smallest ? 0 : BitOperations.Log2((uint)(length - 1)) + 1 - BitOperations.Log2(Smallest);

    private static int IndexOf(byte* block) => (int)((block - Base) / Smallest);

    // A free block begins with its two neighbours in the list; everything else in it is zero, and these 16 bytes are cleared when it is taken.
    private static void Link(byte* block, int order)
    {
        var links = (nint*)block;
        links[0] = FreeLists[order];
        links[1] = 0;
        if (links[0] != 0)
        {
            ((nint*)links[0])[1] = (nint)block;
        }

        FreeLists[order] = (nint)block;
        State[IndexOf(block)] = (byte)(order | FreeFlag);
    }

    private static void Unlink(byte* block, int order)
    {
        var links = (nint*)block;
        if (links[0] != 0)
        {
            ((nint*)links[0])[1] = links[1];
        }

        if (links[1] != 0)
        {
            ((nint*)links[1])[0] = links[0];
        }
        else
        {
            FreeLists[order] = links[0];
        }

        links[0] = 0;
        links[1] = 0;
    }

    private static byte[] InitialState()
    {
        var state = new byte[Size / Smallest];
        Array.Fill(state, Interior);
        state[0] = Orders - 1 | FreeFlag;
        return state;
    }

    private static nint[] InitialFreeLists()
    {
        var lists = new nint[Orders];
        lists[Orders - 1] = (nint)Base;
        return lists;
    }

    private static byte* Map()
    {
        const int ProtectNone = 0, ProtectReadWrite = 3, PrivateAnonymous = 0x22, DontFork = 10, DontDump = 16;
        var whole = mmap(null, Size + 2 * GuardPage, ProtectNone, PrivateAnonymous, -1, 0);
        if ((nint)whole == -1)
        {
            throw new CryptoException($"The secret arena could not be mapped: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        var arena = whole + GuardPage;
        if (mprotect(arena, Size, ProtectReadWrite) != 0 || madvise(arena, Size, DontDump) != 0 || madvise(arena, Size, DontFork) != 0)
        {
            throw new CryptoException($"The secret arena could not be protected: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        if (mlock(arena, Size) != 0)
        {
            throw new CryptoException($"The secret arena ({Size >> 20} MiB) could not be locked into memory: {Marshal.GetLastPInvokeErrorMessage()}. {LockLimit()}");
        }

        return arena;
    }

    private static string LockLimit()
    {
        const int Memlock = 8;
        var limit = stackalloc ulong[2];
        return getrlimit(Memlock, limit) == 0
            ? $"RLIMIT_MEMLOCK is {(limit[0] == ulong.MaxValue ? "unlimited" : $"{limit[0] >> 10} KiB")}; it must be at least {Size >> 10} KiB (ulimit -l, or LimitMEMLOCK= of the service)."
            : "RLIMIT_MEMLOCK could not be read.";
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial byte* mmap(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(byte* address, nuint length, int protection);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int madvise(byte* address, nuint length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mlock(byte* address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, ulong* limit);
}
