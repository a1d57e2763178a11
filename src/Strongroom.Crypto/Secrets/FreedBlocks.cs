using System.Runtime.InteropServices;

namespace Strongroom.Crypto;

/// <summary>
/// Clears what this thread has freed. The C library keeps up to seven freed blocks of each size up to 1 KiB a thread (glibc's tcache), as they were left; libcrypto clears what it knows to be secret before it frees it,
/// with exceptions: RSA_check_key leaves the CRT coefficient behind.
/// </summary>
internal static unsafe class FreedBlocks
{
    private const int Kept = 7;
    private const int Smallest = 24;
    private const int Largest = 1032;
    private const int Step = 16;

    /// <summary>Takes all that is kept, clears it and gives it back: some microseconds.</summary>
    public static void ClearOfThisThread()
    {
        var blocks = stackalloc void*[Kept];
        for (var size = Smallest; size <= Largest; size += Step)
        {
            for (var i = 0; i < Kept; i++)
            {
                blocks[i] = NativeMemory.Alloc((nuint)size);
                NativeMemory.Clear(blocks[i], (nuint)size);
            }

            for (var i = 0; i < Kept; i++)
            {
                NativeMemory.Free(blocks[i]);
            }
        }
    }
}
