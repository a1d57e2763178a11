namespace Strongroom.Crypto;

/// <summary>HMAC-SHA-256, as the store's heads use it.</summary>
public static class HmacSha256
{
    /// <summary>Bytes of a code.</summary>
    public const int Size = 32;

    /// <summary>Computes the code over the concatenation of the parts.</summary>
    /// <param name="key">Any length.</param>
    /// <param name="data">First part.</param>
    /// <param name="output">At least 32 bytes; 32 are written.</param>
    /// <param name="data2">Second part.</param>
    /// <param name="data3">Third part.</param>
    public static void Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> output, ReadOnlySpan<byte> data2 = default, ReadOnlySpan<byte> data3 = default) =>
        Hmac.Compute(DigestAlgorithm.Sha256, key, data, output, data2, data3);
}
