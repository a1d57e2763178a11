using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ECDH1_DERIVE, PKCS#11 3.2, 6.3.17; SP 800-56A 5.7.1.2, with CKD_NULL (the end of the shared x coordinate is the key) or X9.63's function over any hash. A point that is not on the key's curve is refused, and with X25519 (RFC 7748 6.1) one of low order.
public class Ecdh1Derive : Mechanism
{
    private const ulong Null = 1;

    public override ulong Number => 0x1050;

    public override string Name => "CKM_ECDH1_DERIVE";

    public sealed override MechanismFlags Flags => MechanismFlags.Derive | MechanismFlags.EcPrimeField | MechanismFlags.EcNamedCurve | MechanismFlags.EcUncompressed;

    public sealed override KeySizes KeySizes => KeySizes.Ec;

    public sealed override ParameterShape Shape => ParameterShape.Ecdh;

    protected sealed override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) => objectClass == ObjectClass.PrivateKey && type is KeyType.Ec or KeyType.EcMontgomery;

    protected sealed override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        call.Hash != Null && HashOf(call.Hash) is null ? MechanismCauses.KdfUnknown
        : call.Hash == Null && !call.Aad.GetValueOrDefault().IsEmpty ? MechanismCauses.SharedDataUnused
        : mode == ClusterMode.Fips && key is RawKey ? MechanismCauses.NotApproved
        : PointOf(key, call).IsEmpty ? MechanismCauses.PeerInvalid : Outcome.Ok;

    protected sealed override int? NaturalLength(in MechanismCall call, KeyMaterial baseKey) => call.Hash == Null ? (baseKey as EcKey)?.Curve.Size ?? RawCurve.KeySize : null;

    protected sealed override Outcome<SecretBuffer> DeriveChecked(in MechanismCall call, KeyMaterial baseKey, int length)
    {
        var key = (AsymmetricKey)baseKey;
        if (PeerOf(key, call) is not { } peer)
        {
            return MechanismCauses.PeerInvalid;
        }

        using var opened = peer;
        using var secret = key.Evp.Agree(peer);
        if (secret is null)
        {
            return MechanismCauses.PeerInvalid;
        }

        if (HashOf(call.Hash) is { } hash)
        {
            var output = SecretBuffer.Allocate(length);
            X963Kdf.Derive(hash, secret.Span, call.Aad.GetValueOrDefault().Span, output.Span);
            return output;
        }

        // 6.3.17: truncation removes bytes from the leading end.
        return length <= secret.Length ? SecretBuffer.CopyOf(secret.Span[^length..]) : KeyCauses.LengthInvalid.On(AttributeType.ValueLen);
    }

    private static ReadOnlySpan<byte> PointOf(KeyMaterial key, in MechanismCall call)
    {
        var given = call.Iv.GetValueOrDefault().Span;
        return key is EcKey ec ? EcPoint.FromAttribute(ec.Curve, given) : RawImport.PointOf(given);
    }

    private static EvpKey? PeerOf(AsymmetricKey key, in MechanismCall call)
    {
        var point = PointOf(key, call);
        return key is RawKey raw ? EvpKey.OpenRawPublic(raw.Curve, point)
            : EvpKey.TryOpenEcPublic(((EcKey)key).Curve, point, out var peer) ? peer : null;
    }

    // CKD_…_KDF.
    private static DigestAlgorithm? HashOf(ulong? function) => function switch
    {
        0x2 => DigestAlgorithm.Sha1,
        0x5 => DigestAlgorithm.Sha224,
        0x6 => DigestAlgorithm.Sha256,
        0x7 => DigestAlgorithm.Sha384,
        0x8 => DigestAlgorithm.Sha512,
        0xA => DigestAlgorithm.Sha3_224,
        0xB => DigestAlgorithm.Sha3_256,
        0xC => DigestAlgorithm.Sha3_384,
        0xD => DigestAlgorithm.Sha3_512,
        _ => null,
    };
}
