using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>Hashing in one call.</summary>
public static unsafe class Digest
{
    /// <summary>Hashes the data.</summary>
    /// <param name="algorithm">Which function.</param>
    /// <param name="data">Any length.</param>
    /// <param name="output">Exactly or at least <see cref="DigestAlgorithm.Size"/> bytes.</param>
    public static void Compute(DigestAlgorithm algorithm, ReadOnlySpan<byte> data, Span<byte> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, algorithm.Size);
        if (algorithm.IsExtendable)
        {
            using var stream = new DigestStream(algorithm);
            stream.Update(data);
            stream.Finish(output);
            return;
        }

        fixed (byte* input = data, result = output)
        {
            uint length;
            LibCrypto.Must(LibCrypto.EVP_Digest(input, (nuint)data.Length, result, &length, algorithm.Handle, 0), "EVP_Digest");
        }
    }
}
