using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

// scrypt and PBKDF2 themselves; who may call them, and how many at a time, is PasswordHash's matter.
internal static unsafe class PasswordDerivation
{
    public static SecretBuffer Derive(ReadOnlySpan<byte> password, PasswordParameters parameters, int length)
    {
        var output = SecretBuffer.Allocate(length);
        try
        {
            if (parameters.IsScrypt)
            {
                Scrypt(password, parameters.Salt, parameters.Cost, parameters.R, parameters.P, output.Span);
            }
            else
            {
                Pbkdf2(DigestAlgorithm.Sha512, password, parameters.Salt, parameters.Cost, output.Span);
            }

            return output;
        }
        catch
        {
            output.Dispose();
            throw;
        }
    }

    public static void Scrypt(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ulong n, uint r, uint p, Span<byte> output)
    {
        var memory = 512UL << 20;
        fixed (byte* passwordStart = &Terminated(password), saltStart = &Terminated(salt))
        {
            var parameters = stackalloc OsslParam[]
            {
                OsslParam.Octets("pass"u8, passwordStart, password.Length),
                OsslParam.Octets("salt"u8, saltStart, salt.Length),
                OsslParam.UInt64("n"u8, &n),
                OsslParam.UInt32("r"u8, &r),
                OsslParam.UInt32("p"u8, &p),
                OsslParam.UInt64("maxmem_bytes"u8, &memory),
                OsslParam.End,
            };
            Kdf.Run("SCRYPT", null, parameters, output);   // not an approved function: from the default provider, and never asked for in FIPS mode
        }
    }

    public static void Pbkdf2(DigestAlgorithm algorithm, ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, ulong iterations, Span<byte> output)
    {
        fixed (byte* passwordStart = &Terminated(password), saltStart = &Terminated(salt))
        {
            var parameters = stackalloc OsslParam[]
            {
                OsslParam.Octets("pass"u8, passwordStart, password.Length),
                OsslParam.Octets("salt"u8, saltStart, salt.Length),
                OsslParam.UInt64("iter"u8, &iterations),
                OsslParam.Text("digest"u8, algorithm.NativeName, algorithm.Name.Length),
                OsslParam.End,
            };
            Kdf.Run("PBKDF2", LibCrypto.Properties, parameters, output);
        }
    }

    // Empty input must not become a null pointer, which libcrypto takes for "not given".
    private static ref readonly byte Terminated(ReadOnlySpan<byte> bytes) => ref MemoryMarshal.GetReference(bytes.IsEmpty ? "\0"u8 : bytes);
}
