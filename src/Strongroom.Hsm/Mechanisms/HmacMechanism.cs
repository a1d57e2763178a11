using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of HMACs (FIPS 198-1). In FIPS mode a key that makes new codes has at least 112 bits (SP 800-131A 10).</summary>
public abstract class HmacMechanism : MacMechanism
{
    public sealed override KeySizes KeySizes => KeySizes.Secret;

    /// <summary>The hash.</summary>
    protected abstract DigestAlgorithm Hash { get; }

    /// <summary>The key type that is for this hash alone, taken beside CKK_GENERIC_SECRET.</summary>
    protected abstract KeyType OwnKeyType { get; }

    /// <summary>The hash of the function that a derivation names by this mechanism's number; null for a general form.</summary>
    internal DigestAlgorithm? PseudoRandomFunction => IsGeneral ? null : Hash;

    protected sealed override int FullSize => Hash.Size;

    protected sealed override MacStream Start(SecretKey key) => MacStream.Hmac(Hash, key.Value);

    protected sealed override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) =>
        objectClass == ObjectClass.SecretKey && (type == KeyType.GenericSecret || type == OwnKeyType);

    protected sealed override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        mode == ClusterMode.Fips && use == Use.Sign && key.Bits < 112 ? MechanismCauses.KeySize : base.CheckCall(use, call, key, mode);
}
