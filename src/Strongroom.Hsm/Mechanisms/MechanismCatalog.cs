using System.Collections.Frozen;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>Every mechanism of the HSM, one line each. C_GetMechanismList, C_GetMechanismInfo, the documentation's table and the tests' families derive from it.</summary>
public static class MechanismCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mechanism> All { get; } =
    [
        new RsaPkcsKeyPairGen(),
        new RsaPkcs(),
        new Sha1RsaPkcs(),
        new Sha224RsaPkcs(),
        new Sha256RsaPkcs(),
        new Sha384RsaPkcs(),
        new Sha512RsaPkcs(),
        new RsaPkcsPss(),
        new Sha1RsaPkcsPss(),
        new Sha224RsaPkcsPss(),
        new Sha256RsaPkcsPss(),
        new Sha384RsaPkcsPss(),
        new Sha512RsaPkcsPss(),
        new EcKeyPairGen(),
        new Ecdsa(),
        new EcdsaSha1(),
        new EcdsaSha224(),
        new EcdsaSha256(),
        new EcdsaSha384(),
        new EcdsaSha512(),
        new Sha1(),
        new Sha224(),
        new Sha256(),
        new Sha384(),
        new Sha512(),
        new Sha1Hmac(),
        new Sha224Hmac(),
        new Sha256Hmac(),
        new Sha384Hmac(),
        new Sha512Hmac(),
        new GenericSecretKeyGen(),
        new AesKeyGen(),
        new AesCbc(),
        new AesCbcPad(),
        new AesGcm(),
        new AesKeyWrap(),
        new AesKeyWrapKwp(),
    ];

    private static readonly FrozenDictionary<ulong, Mechanism> ByNumber = All.ToFrozenDictionary(mechanism => mechanism.Number);

    /// <summary>The mechanism of this number, or null.</summary>
    public static Mechanism? Find(ulong number) => ByNumber.GetValueOrDefault(number);

    /// <summary>The mechanism of this number if it is for this use, or null.</summary>
    public static Mechanism? Find(ulong number, Use use) => Find(number) is { } found && found.Supports(Mechanism.FlagOf(use)) ? found : null;
}
