using System.Collections.Frozen;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>Every mechanism of the HSM, one line each. C_GetMechanismList, C_GetMechanismInfo, the documentation's table and the tests' families derive from it.</summary>
public static class MechanismCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mechanism> All { get; } =
    [
        new RsaPkcsKeyPairGen(),
        new RsaX931KeyPairGen(),
        new RsaX509(),
        new RsaPkcs(),
        new RsaPkcsOaep(),
        new RsaAesKeyWrap(),
        new Sha1RsaPkcs(),
        new Sha224RsaPkcs(),
        new Sha256RsaPkcs(),
        new Sha384RsaPkcs(),
        new Sha512RsaPkcs(),
        new Sha3_224RsaPkcs(),
        new Sha3_256RsaPkcs(),
        new Sha3_384RsaPkcs(),
        new Sha3_512RsaPkcs(),
        new RsaPkcsPss(),
        new Sha1RsaPkcsPss(),
        new Sha224RsaPkcsPss(),
        new Sha256RsaPkcsPss(),
        new Sha384RsaPkcsPss(),
        new Sha512RsaPkcsPss(),
        new Sha3_224RsaPkcsPss(),
        new Sha3_256RsaPkcsPss(),
        new Sha3_384RsaPkcsPss(),
        new Sha3_512RsaPkcsPss(),
        new EcKeyPairGen(),
        new Ecdsa(),
        new EcdsaSha1(),
        new EcdsaSha224(),
        new EcdsaSha256(),
        new EcdsaSha384(),
        new EcdsaSha512(),
        new EcdsaSha3_224(),
        new EcdsaSha3_256(),
        new EcdsaSha3_384(),
        new EcdsaSha3_512(),
        new Sha1(),
        new Sha224(),
        new Sha256(),
        new Sha384(),
        new Sha512(),
        new Sha3_224(),
        new Sha3_256(),
        new Sha3_384(),
        new Sha3_512(),
        new Sha1Hmac(),
        new Sha224Hmac(),
        new Sha256Hmac(),
        new Sha384Hmac(),
        new Sha512Hmac(),
        new Sha3_224Hmac(),
        new Sha3_256Hmac(),
        new Sha3_384Hmac(),
        new Sha3_512Hmac(),
        new Sha1HmacGeneral(),
        new Sha224HmacGeneral(),
        new Sha256HmacGeneral(),
        new Sha384HmacGeneral(),
        new Sha512HmacGeneral(),
        new Sha3_224HmacGeneral(),
        new Sha3_256HmacGeneral(),
        new Sha3_384HmacGeneral(),
        new Sha3_512HmacGeneral(),
        new GenericSecretKeyGen(),
        new AesKeyGen(),
        new AesEcb(),
        new AesCbc(),
        new AesCbcPad(),
        new AesCtr(),
        new AesGcm(),
        new AesCcm(),
        new AesCmac(),
        new AesCmacGeneral(),
        new AesKeyWrap(),
        new AesKeyWrapPad(),
        new AesKeyWrapKwp(),
        new Des3KeyGen(),
        new Des3Ecb(),
        new Des3Cbc(),
        new Des3CbcPad(),
        new CloudHsmAesGcm(),
        new CloudHsmAesKeyWrapNoPad(),
        new CloudHsmAesKeyWrapPkcs5Pad(),
        new CloudHsmAesKeyWrapZeroPad(),
    ];

    private static readonly FrozenDictionary<ulong, Mechanism> ByNumber = All.ToFrozenDictionary(mechanism => mechanism.Number);

    /// <summary>The mechanism of this number, or null.</summary>
    public static Mechanism? Find(ulong number) => ByNumber.GetValueOrDefault(number);

    /// <summary>The mechanism of this number if it is for this use, or null.</summary>
    public static Mechanism? Find(ulong number, Use use) => Find(number) is { } found && found.Supports(Mechanism.FlagOf(use)) ? found : null;
}
