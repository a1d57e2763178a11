using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_RSA_PKCS_KEY_PAIR_GEN, PKCS#11 3.2, 6.1.4; FIPS 186-5 A.1. 2048 to 4096 bits by 256, and 8192; the exponent is odd and at least 65537, which it is if the template names none.
public class RsaPkcsKeyPairGen : Mechanism
{
    private static readonly byte[] F4 = [1, 0, 1];

    public override ulong Number => 0x0;

    public override string Name => "CKM_RSA_PKCS_KEY_PAIR_GEN";

    public override MechanismFlags Flags => MechanismFlags.GenerateKeyPair;

    public override KeySizes KeySizes => KeySizes.Rsa;

    public override KeyType? GeneratedType => KeyType.Rsa;

    protected override Outcome<KeyPair> GenerateKeyPairChecked(ReadOnlySpan<RawAttribute> publicTemplate, ClusterMode mode)
    {
        var bits = publicTemplate.FindLength(AttributeType.ModulusBits);
        if (!bits.IsOk)
        {
            return bits.Cause;
        }

        if (!RsaImport.IsSizeAllowed(bits.Value))
        {
            return KeyCauses.LengthInvalid.On(AttributeType.ModulusBits);
        }

        if (!publicTemplate.TryFind(AttributeType.PublicExponent, out var exponent))
        {
            exponent = F4;
        }

        if (!RsaImport.IsExponentAllowed(exponent, RsaImport.SmallestApprovedExponent))
        {
            return KeyCauses.ComponentInvalid.On(AttributeType.PublicExponent);
        }

        Span<byte> littleEndian = stackalloc byte[8];
        var significant = exponent.TrimStart((byte)0);
        significant.CopyTo(littleEndian);
        littleEndian = littleEndian[..significant.Length];
        littleEndian.Reverse();
        var key = EvpKey.GenerateRsa(bits.Value, littleEndian);
        using var n = key.ReadNumber("n");
        return new KeyPair(new RsaKey(ObjectClass.PublicKey, EvpKey.OpenRsaPublic(n.Span, littleEndian)), new RsaKey(ObjectClass.PrivateKey, key));
    }
}
