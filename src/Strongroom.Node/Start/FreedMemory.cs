using System.Runtime.InteropServices;

namespace Strongroom.Node.Start;

/// <summary>
/// Makes the C library overwrite what is freed. libcrypto clears keys itself, but libssl frees its connections' buffers with the last record's plaintext in them unless SSL_OP_CLEANSE_PLAINTEXT is set, which .NET gives no
/// way to. What malloc keeps in its per-thread caches (blocks of up to 1 KiB) is not overwritten, so the launcher switches them off, and a start without that is refused (glibc manual, "Memory Allocation Tunables").
/// </summary>
internal static partial class FreedMemory
{
    /// <summary>The environment variable that the launcher sets.</summary>
    public const string Tunables = "GLIBC_TUNABLES";

    /// <summary>Its value.</summary>
    public const string WithoutThreadCaches = "glibc.malloc.tcache_count=0";

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
