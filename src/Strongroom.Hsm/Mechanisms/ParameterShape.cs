namespace Strongroom.Hsm.Mechanisms;

/// <summary>The shape of a mechanism's parameter; the numbers are the wire's.</summary>
public enum ParameterShape
{
    None = 0,
    Bytes = 1,
    Gcm = 2,
    Pss = 3,
    Oaep = 4,
    Ctr = 5,
    Ccm = 6,
    Ecdh = 7,
    Eddsa = 8,
    Length = 9,
    RsaAesWrap = 10,
    Hkdf = 11,
    Sp800108 = 12,
    Pbkdf2 = 13,
    SignContext = 14,
    OptionalBytes = 15,
    Sp800108Feedback = 16,
    CloudHsmSp800108 = 17,
}
