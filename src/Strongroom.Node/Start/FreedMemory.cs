using System.Runtime.InteropServices;

namespace Strongroom.Node.Start;

/// <summary>
/// Makes the C library overwrite what is freed. libcrypto clears keys itself, but libssl frees its connections' buffers with the last record's plaintext in them unless SSL_OP_CLEANSE_PLAINTEXT is set, which .NET gives no
/// way to. Blocks beyond malloc's per-thread cache (1 KiB) are overwritten, and those buffers have 16 KiB.
/// </summary>
internal static partial class FreedMemory
{
    private const int Perturb = -6; // M_PERTURB, mallopt(3)
    private const int Filling = 0xDB;

    /// <summary>From now on, for all threads.</summary>
    /// <exception cref="StartRefusedException">this C library can't</exception>
    public static void Overwrite()
    {
        if (mallopt(Perturb, Filling) == 0)
        {
            throw new StartRefusedException("mallopt(M_PERTURB) failed: this C library does not overwrite freed memory");
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);
}
