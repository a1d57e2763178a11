using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_PKCS5_PBKD2, PKCS#11 3.2, 6.31; RFC 8018 5.2: C_GenerateKey with a password, of the key type that the template names. In FIPS mode SP 800-132 5 holds: a salt of at least 16 bytes, 1000 iterations, 14 bytes of key.
// The iterations are bounded, since each call takes a core for as long as they last.
public sealed class Pbkdf2KeyGen : Mechanism
{
    private const ulong MostIterations = 1 << 24;   // RFC 6070's longest test
    private const ulong LeastApprovedIterations = 1000;
    private const int LeastApprovedSalt = 16, LeastApprovedLength = 14, Des3Length = 24;

    public override ulong Number => 0x3B0;

    public override string Name => "CKM_PKCS5_PBKD2";

    public override MechanismFlags Flags => MechanismFlags.Generate;

    public override KeySizes KeySizes => KeySizes.Secret;

    public override ParameterShape Shape => ParameterShape.Pbkdf2;

    public override bool GeneratesTypeOfTemplate => true;

    protected override Outcome<KeyMaterial> GenerateKeyChecked(in MechanismCall call, ReadOnlySpan<RawAttribute> template, ClusterMode mode)
    {
        var isFips = mode == ClusterMode.Fips;
        var salt = call.Iv.GetValueOrDefault().Span;
        if (HashOf(call.Hash) is not { } hash)
        {
            return MechanismCauses.Pbkdf2Function;
        }

        if (call.Bits is not (>= 1 and <= MostIterations) || (isFips && (call.Bits < LeastApprovedIterations || salt.Length < LeastApprovedSalt)))
        {
            return MechanismCauses.Pbkdf2Weak;
        }

        var named = template.FindLength(AttributeType.KeyType);
        if (!named.IsOk)
        {
            return named.Cause;
        }

        var type = (KeyType)named.Value;
        var length = type == KeyType.Des3 ? Des3Length : template.FindLength(AttributeType.ValueLen);
        if (!length.IsOk)
        {
            return length.Cause;
        }

        return !KeyImport.IsSecretType(type) ? KeyCauses.TypeUnknown
            : SecretKey.IsLengthValid(type, length.Value) && (!isFips || length.Value >= LeastApprovedLength)
            ? new SecretKey(type, Pbkdf2.DeriveKey(hash, call.Aad.GetValueOrDefault().Span, salt, call.Bits.Value, length.Value))
            : KeyCauses.LengthInvalid.On(AttributeType.ValueLen);
    }

    // CKP_PKCS5_PBKD2_HMAC_….
    private static DigestAlgorithm? HashOf(ulong? function) => function switch
    {
        1 => DigestAlgorithm.Sha1,
        3 => DigestAlgorithm.Sha224,
        4 => DigestAlgorithm.Sha256,
        5 => DigestAlgorithm.Sha384,
        6 => DigestAlgorithm.Sha512,
        _ => null,
    };
}
