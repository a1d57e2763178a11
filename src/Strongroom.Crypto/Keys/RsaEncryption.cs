namespace Strongroom.Crypto;

/// <summary>How RSA encrypts (RFC 8017 7).</summary>
/// <param name="Kind">Which padding.</param>
/// <param name="Digest">Oaep: the hash of the label.</param>
/// <param name="Mgf">Oaep: the hash of the mask generation function.</param>
/// <param name="Label">Oaep: the label; may be empty.</param>
public readonly record struct RsaEncryption(RsaEncryptionKind Kind, DigestAlgorithm? Digest = null, DigestAlgorithm? Mgf = null, ReadOnlyMemory<byte> Label = default)
{
    /// <summary>The bare computation; input and output are as long as the modulus.</summary>
    public static RsaEncryption Raw => new(RsaEncryptionKind.Raw);

    /// <summary>RSAES-PKCS1-v1_5.</summary>
    public static RsaEncryption Pkcs1 => new(RsaEncryptionKind.Pkcs1);

    /// <summary>RSAES-OAEP.</summary>
    public static RsaEncryption Oaep(DigestAlgorithm digest, DigestAlgorithm mgf, ReadOnlyMemory<byte> label) => new(RsaEncryptionKind.Oaep, digest, mgf, label);

    /// <summary>The longest input, in bytes.</summary>
    /// <param name="size">Bytes of the modulus.</param>
    /// <returns>Negative if the modulus is too short for the hash.</returns>
    public int LongestInput(int size) => Kind switch
    {
        RsaEncryptionKind.Raw => size,
        RsaEncryptionKind.Pkcs1 => size - 11,
        _ => size - 2 * Digest!.Size - 2,
    };
}
