using Org.BouncyCastle.Crypto.Parameters;

namespace Strongroom.Crypto;

/// <summary>A parameter set of ML-KEM (FIPS 203, tables 2 and 3).</summary>
public sealed class MlKemParameterSet : PostQuantumParameterSet
{
    /// <summary>Bytes of the shared secret.</summary>
    public const int SecretSize = 32;

    private readonly MLKemParameters _parameters;

    private MlKemParameterSet(byte number, string name, string oid, int publicKeySize, int privateKeySize, int ciphertextSize, MLKemParameters parameters)
        : base(number, name, oid, publicKeySize, privateKeySize)
    {
        CiphertextSize = ciphertextSize;
        _parameters = parameters;
    }

    public static MlKemParameterSet MlKem512 { get; } = new(1, "ML-KEM-512", "0609608648016503040401", 800, 1632, 768, MLKemParameters.ml_kem_512);

    public static MlKemParameterSet MlKem768 { get; } = new(2, "ML-KEM-768", "0609608648016503040402", 1184, 2400, 1088, MLKemParameters.ml_kem_768);

    public static MlKemParameterSet MlKem1024 { get; } = new(3, "ML-KEM-1024", "0609608648016503040403", 1568, 3168, 1568, MLKemParameters.ml_kem_1024);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MlKemParameterSet> All { get; } = [MlKem512, MlKem768, MlKem1024];

    public override int SeedSize => 64;

    /// <summary>Bytes of what travels.</summary>
    public int CiphertextSize { get; }

    internal MLKemParameters Parameters => _parameters;

    public override byte[]? PublicKeyOf(ReadOnlySpan<byte> secret) => Open(secret)?.GetPublicKeyEncoded();

    public override bool IsPublicKey(ReadOnlySpan<byte> key) => OpenPublic(key) is not null;

    internal MLKemPrivateKeyParameters? Open(ReadOnlySpan<byte> secret)
    {
        using var copy = new PinnedCopy(secret);
        return secret.Length == SeedSize ? MLKemPrivateKeyParameters.FromSeed(_parameters, copy.Bytes)
            : secret.Length == PrivateKeySize ? Try(copy.Bytes, bytes => MLKemPrivateKeyParameters.FromEncoding(_parameters, bytes)) : null;
    }

    internal MLKemPublicKeyParameters? OpenPublic(ReadOnlySpan<byte> key) =>
        key.Length == PublicKeySize ? Try(key.ToArray(), bytes => MLKemPublicKeyParameters.FromEncoding(_parameters, bytes)) : null;

    private protected override byte[]? Encode(ReadOnlySpan<byte> secret) => Open(secret)?.GetEncoded();
}
