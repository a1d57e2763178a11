namespace Strongroom.Hsm.Mechanisms;

/// <summary>CKF_… of CK_MECHANISM_INFO.</summary>
[Flags]
public enum MechanismFlags : ulong
{
    None = 0,

    /// <summary>Performed by the device: here the HSM, as against the client's library.</summary>
    Hardware = 0x1,
    MessageEncrypt = 0x2,
    MessageDecrypt = 0x4,
    MessageSign = 0x8,
    MessageVerify = 0x10,

    /// <summary>Messages may come in parts.</summary>
    MultiMessage = 0x20,
    Encrypt = 0x100,
    Decrypt = 0x200,
    Digest = 0x400,
    Sign = 0x800,
    SignRecover = 0x1000,
    Verify = 0x2000,
    VerifyRecover = 0x4000,
    Generate = 0x8000,
    GenerateKeyPair = 0x10000,
    Wrap = 0x20000,
    Unwrap = 0x40000,
    Derive = 0x80000,
    EcPrimeField = 0x100000,
    EcNamedCurve = 0x800000,
    EcUncompressed = 0x1000000,
    Encapsulate = 0x10000000,
    Decapsulate = 0x20000000,
}
