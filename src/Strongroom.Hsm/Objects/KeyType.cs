namespace Strongroom.Hsm;

/// <summary>CK_KEY_TYPE, of the kinds that a cluster can hold.</summary>
public enum KeyType : ulong
{
    Rsa = 0x00,
    Ec = 0x03,
    GenericSecret = 0x10,
    Des3 = 0x15,
    Aes = 0x1F,
    Sha1Hmac = 0x28,
    Sha256Hmac = 0x2B,
    Sha384Hmac = 0x2C,
    Sha512Hmac = 0x2D,
    Sha224Hmac = 0x2E,
    Sha3_224Hmac = 0x33,
    Sha3_256Hmac = 0x34,
    Sha3_384Hmac = 0x35,
    Sha3_512Hmac = 0x36,
    EcEdwards = 0x40,
    EcMontgomery = 0x41,
    Hkdf = 0x42,
    MlKem = 0x49,
    MlDsa = 0x4A,
}
