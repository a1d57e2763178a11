using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of RSASSA-PSS (RFC 8017 8.1). The parameter names hash, mask generation function and salt length; in FIPS mode the salt is no longer than the hash (FIPS 186-5 5.4).</summary>
public abstract class RsaPssMechanism : SignatureMechanism
{
    public sealed override KeySizes KeySizes => KeySizes.Rsa;

    public sealed override ParameterShape Shape => ParameterShape.Pss;

    protected sealed override KeyType KeyType => KeyType.Rsa;

    protected sealed override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode)
    {
        if (HashMechanisms.FromMechanism(call.Hash) is not { } hash || HashMechanisms.FromMgf(call.Mgf) is not { } mgf || call.Bits is not { } salt)
        {
            return MechanismCauses.HashUnknown;
        }

        if (Hash is not null && Hash != hash)
        {
            return MechanismCauses.HashDiffers;
        }

        if (mode == ClusterMode.Fips && use == Use.Sign && !(hash.ApprovedForSigning && mgf.ApprovedForSigning))
        {
            return MechanismCauses.HashWeak;
        }

        // RFC 8017 9.1.1 step 3: the encoded message has one bit less than the modulus, and two bytes beside hash and salt.
        var room = (ulong)((key.Bits - 1 + 7) / 8 - hash.Size - 2);
        return salt <= room && (mode != ClusterMode.Fips || salt <= (ulong)hash.Size) ? Outcome.Ok : MechanismCauses.SaltLength;
    }

    protected sealed override SignatureScheme SchemeOf(in MechanismCall call) =>
        SignatureScheme.Pss(HashMechanisms.FromMechanism(call.Hash)!, HashMechanisms.FromMgf(call.Mgf)!, (int)call.Bits!.Value);

    protected sealed override (int Min, int Max) InputLengths(in MechanismCall call, AsymmetricKey key)
    {
        var size = HashMechanisms.FromMechanism(call.Hash)!.Size;
        return (size, size);
    }
}
