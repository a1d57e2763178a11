namespace Strongroom.Hsm.Mechanisms;

/// <summary>The key sizes of C_GetMechanismInfo, in the mechanism's own unit; zeros where a mechanism has no key.</summary>
/// <param name="Min">Smallest.</param>
/// <param name="Max">Largest.</param>
/// <param name="UnitBits">Bits of the unit: 8 for mechanisms that count bytes (AES), 1 for those that count bits (RSA, EC).</param>
public readonly record struct KeySizes(int Min, int Max, int UnitBits)
{
    public static KeySizes None => default;

    /// <summary>AES keys, counted in bytes.</summary>
    public static KeySizes Aes => new(16, 32, 8);

    /// <summary>Triple DES keys, counted in bytes.</summary>
    public static KeySizes Des3 => new(24, 24, 8);

    /// <summary>RSA keys, counted in bits.</summary>
    public static KeySizes Rsa => new(2048, 8192, 1);

    /// <summary>EC keys, counted in bits.</summary>
    public static KeySizes Ec => new(224, 521, 1);

    /// <summary>Ed25519 and X25519 keys, counted in bits.</summary>
    public static KeySizes Raw => new(Keys.RawKey.CurveBits, Keys.RawKey.CurveBits, 1);

    /// <summary>ML-DSA keys, counted in bytes of the public key.</summary>
    public static KeySizes MlDsa => new(Crypto.MlDsaParameterSet.MlDsa44.PublicKeySize, Crypto.MlDsaParameterSet.MlDsa87.PublicKeySize, 8);

    /// <summary>ML-KEM keys, counted in bytes of the public key.</summary>
    public static KeySizes MlKem => new(Crypto.MlKemParameterSet.MlKem512.PublicKeySize, Crypto.MlKemParameterSet.MlKem1024.PublicKeySize, 8);

    /// <summary>Generic secrets, counted in bytes.</summary>
    public static KeySizes Secret => new(1, Keys.SecretKey.MaxLength, 8);

    /// <summary>Whether a key of so many bits is within.</summary>
    public bool Contains(int bits) => bits >= Min * UnitBits && bits <= Max * UnitBits;
}
