using Org.BouncyCastle.Crypto.Parameters;

namespace Strongroom.Crypto;

/// <summary>A parameter set of ML-DSA (FIPS 204, tables 1 and 2; object identifiers of RFC 9881).</summary>
public sealed class MlDsaParameterSet : PostQuantumParameterSet
{
    /// <summary>Longest context string (FIPS 204 5.2), in bytes.</summary>
    public const int LongestContext = 255;

    private readonly MLDsaParameters _parameters;

    private MlDsaParameterSet(byte number, string name, string oid, int publicKeySize, int privateKeySize, int signatureSize, MLDsaParameters parameters)
        : base(number, name, oid, publicKeySize, privateKeySize)
    {
        SignatureSize = signatureSize;
        _parameters = parameters;
    }

    public static MlDsaParameterSet MlDsa44 { get; } = new(1, "ML-DSA-44", "0609608648016503040311", 1312, 2560, 2420, MLDsaParameters.ml_dsa_44);

    public static MlDsaParameterSet MlDsa65 { get; } = new(2, "ML-DSA-65", "0609608648016503040312", 1952, 4032, 3309, MLDsaParameters.ml_dsa_65);

    public static MlDsaParameterSet MlDsa87 { get; } = new(3, "ML-DSA-87", "0609608648016503040313", 2592, 4896, 4627, MLDsaParameters.ml_dsa_87);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MlDsaParameterSet> All { get; } = [MlDsa44, MlDsa65, MlDsa87];

    public override int SeedSize => 32;

    /// <summary>Bytes of a signature.</summary>
    public int SignatureSize { get; }

    internal MLDsaParameters Parameters => _parameters;

    public override byte[]? PublicKeyOf(ReadOnlySpan<byte> secret) => Open(secret)?.GetPublicKeyEncoded();

    public override bool IsPublicKey(ReadOnlySpan<byte> key) => OpenPublic(key) is not null;

    internal MLDsaPrivateKeyParameters? Open(ReadOnlySpan<byte> secret)
    {
        using var copy = new PinnedCopy(secret);
        return secret.Length == SeedSize ? MLDsaPrivateKeyParameters.FromSeed(_parameters, copy.Bytes)
            : secret.Length == PrivateKeySize ? Try(copy.Bytes, bytes => MLDsaPrivateKeyParameters.FromEncoding(_parameters, bytes)) : null;
    }

    internal MLDsaPublicKeyParameters? OpenPublic(ReadOnlySpan<byte> key) =>
        key.Length == PublicKeySize ? Try(key.ToArray(), bytes => MLDsaPublicKeyParameters.FromEncoding(_parameters, bytes)) : null;

    private protected override byte[]? Encode(ReadOnlySpan<byte> secret) => Open(secret)?.GetEncoded();
}
