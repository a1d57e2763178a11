using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>
/// Random bytes: libcrypto's CTR-DRBG (SP 800-90A) of our own library context, with 32 fresh bytes of the kernel's generator as additional input to every request.
/// The additional input is what keeps a resumed snapshot of a virtual machine from repeating an IV or a key: the DRBG's state is part of the snapshot, the kernel's generator is reseeded by the hypervisor's generation id.
/// </summary>
public static unsafe partial class RandomSource
{
    private const int MaxRequest = 1 << 16;   // SP 800-90A table 3: 2^19 bits
    private const uint Strength = 256;

    /// <summary>Fills with bytes that may be seen: IVs, nonces, salts, C_GenerateRandom.</summary>
    public static void Fill(Span<byte> output) => Generate(LibCrypto.RAND_get0_public(LibCrypto.Context), output);

    /// <summary>Fills with bytes that stay secret: keys. A separate generator (SP 800-90A 8.6.7 lets a consumer have its own), so that what is seen says nothing about it.</summary>
    public static void FillSecret(Span<byte> output) => Generate(LibCrypto.RAND_get0_private(LibCrypto.Context), output);

    /// <summary>Mixes fresh kernel bytes into the generator from which libcrypto itself draws on this thread; called before every key generation.</summary>
    public static void Stir()
    {
        Span<byte> discarded = stackalloc byte[16];
        FillSecret(discarded);
    }

    /// <summary>C_SeedRandom: additional input to the reseeding of the primary generator, beside the operating system's entropy and never in its place.</summary>
    public static void AddSeed(ReadOnlySpan<byte> seed)
    {
        Span<byte> digest = stackalloc byte[32];
        Digest.Compute(DigestAlgorithm.Sha256, seed, digest);
        fixed (byte* additional = digest)
        {
            LibCrypto.Must(LibCrypto.EVP_RAND_reseed(LibCrypto.RAND_get0_primary(LibCrypto.Context), 0, null, 0, additional, 32), "EVP_RAND_reseed");
        }
    }

    private static void Generate(nint generator, Span<byte> output)
    {
        if (generator == 0)
        {
            throw LibCrypto.Failure("RAND_get0");
        }

        var fresh = stackalloc byte[32];
        fixed (byte* start = output)
        {
            for (var done = 0; done < output.Length;)
            {
                var part = Math.Min(MaxRequest, output.Length - done);
                KernelBytes(fresh, 32);
                LibCrypto.Must(LibCrypto.EVP_RAND_generate(generator, start + done, (nuint)part, Strength, 0, fresh, 32), "EVP_RAND_generate");
                done += part;
            }
        }
    }

    private static void KernelBytes(byte* output, int length)
    {
        // Up to 256 bytes come whole or not at all, once the kernel's generator is seeded (getrandom(2)); a signal before that is the only reason to ask again.
        while (getrandom(output, (nuint)length, 0) != length)
        {
            const int Interrupted = 4;
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw new CryptoException($"getrandom: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getrandom(byte* output, nuint length, uint flags);
}
