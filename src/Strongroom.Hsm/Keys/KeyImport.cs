using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>Keys that come from outside: in the attributes of a template (C_CreateObject), or in the bytes that an unwrapping gave. A private key is only taken when its numbers belong together.</summary>
public static class KeyImport
{
    /// <summary>Makes a key of a template's components.</summary>
    /// <param name="objectClass">CKA_CLASS.</param>
    /// <param name="type">CKA_KEY_TYPE.</param>
    /// <param name="template">The whole template; other attributes are not looked at.</param>
    /// <param name="mode">The cluster's mode: FIPS takes no RSA exponent under 65537, no curve and no key type that is not approved. What was taken once opens again under either.</param>
    /// <returns>The key, the receiver's to dispose. Checking an RSA private key takes tens of milliseconds.</returns>
    public static Outcome<KeyMaterial> FromTemplate(ObjectClass objectClass, KeyType type, ReadOnlySpan<RawAttribute> template, ClusterMode mode = ClusterMode.NonFips) => (objectClass, type) switch
    {
        (ObjectClass.SecretKey, KeyType.Rsa or KeyType.Ec or KeyType.EcEdwards or KeyType.EcMontgomery or KeyType.MlDsa or KeyType.MlKem) => KeyCauses.TypeUnknown,
        (ObjectClass.SecretKey, _) => Secret(type, template),
        (ObjectClass.PublicKey or ObjectClass.PrivateKey, KeyType.Rsa) => RsaImport.FromTemplate(objectClass, template, mode),
        (ObjectClass.PublicKey or ObjectClass.PrivateKey, KeyType.Ec) => EcImport.FromTemplate(objectClass, template, mode),
        (ObjectClass.PublicKey or ObjectClass.PrivateKey, KeyType.EcEdwards or KeyType.EcMontgomery) => RawImport.FromTemplate(objectClass, type, template, mode),
        (ObjectClass.PublicKey or ObjectClass.PrivateKey, KeyType.MlDsa or KeyType.MlKem) =>
            mode == ClusterMode.Fips ? KeyCauses.TypeUnknown : PostQuantumImport.FromTemplate(objectClass, type, template),
        _ => KeyCauses.TypeUnknown,
    };

    /// <summary>Makes a key of unwrapped bytes.</summary>
    /// <param name="objectClass">CKA_CLASS of the template: secret or private.</param>
    /// <param name="type">CKA_KEY_TYPE of the template.</param>
    /// <param name="bytes">The value, or PKCS#8.</param>
    /// <param name="mode">The cluster's mode.</param>
    /// <returns>One refusal for whatever is wrong with the bytes.</returns>
    public static Outcome<KeyMaterial> FromUnwrapped(ObjectClass objectClass, KeyType type, ReadOnlySpan<byte> bytes, ClusterMode mode)
    {
        if (objectClass == ObjectClass.SecretKey)
        {
            return IsSecretType(type) && SecretKey.IsLengthValid(type, bytes.Length) ? new SecretKey(type, SecretBuffer.CopyOf(bytes)) : KeyCauses.WrappedInvalid;
        }

        if (objectClass == ObjectClass.PrivateKey && type is KeyType.MlDsa or KeyType.MlKem)
        {
            return mode != ClusterMode.Fips && PostQuantumPkcs8.Read(type, bytes) is { } read ? read : KeyCauses.WrappedInvalid;
        }

        if (objectClass != ObjectClass.PrivateKey || EvpKey.FromPkcs8(bytes) is not { } key)
        {
            return KeyCauses.WrappedInvalid;
        }

        var actual = key.Raw is { } raw ? RawKey.TypeOf(raw) : key.Curve is null ? KeyType.Rsa : KeyType.Ec;
        if (type != actual || (type == KeyType.Rsa && !RsaImport.IsAllowed(key, mode)) || (mode == ClusterMode.Fips && !IsCurveApproved(key)) || !key.IsConsistent())
        {
            key.Dispose();
            return KeyCauses.WrappedInvalid;
        }

        return type switch
        {
            KeyType.Rsa => new RsaKey(ObjectClass.PrivateKey, key),
            KeyType.Ec => new EcKey(ObjectClass.PrivateKey, key),
            _ => new RawKey(ObjectClass.PrivateKey, key),
        };
    }

    /// <summary>Whether secret keys of this type exist here.</summary>
    public static bool IsSecretType(KeyType type) =>
        type is KeyType.Aes or KeyType.Des3 or KeyType.GenericSecret or KeyType.Sha1Hmac or KeyType.Sha224Hmac or KeyType.Sha256Hmac or KeyType.Sha384Hmac or KeyType.Sha512Hmac
            or KeyType.Hkdf or KeyType.Sha3_224Hmac or KeyType.Sha3_256Hmac or KeyType.Sha3_384Hmac or KeyType.Sha3_512Hmac;

    private static bool IsCurveApproved(EvpKey key) => key.Curve is not { Approved: false } && key.Raw != RawCurve.X25519;

    private static Outcome<KeyMaterial> Secret(KeyType type, ReadOnlySpan<RawAttribute> template)
    {
        if (!IsSecretType(type))
        {
            return KeyCauses.TypeUnknown;
        }

        if (!template.TryFind(AttributeType.Value, out var value))
        {
            return KeyCauses.ComponentMissing.On(AttributeType.Value);
        }

        return SecretKey.IsLengthValid(type, value.Length) ? new SecretKey(type, SecretBuffer.CopyOf(value)) : KeyCauses.ComponentInvalid.On(AttributeType.Value);
    }
}
