namespace Strongroom.Hsm;

/// <summary>CKF_… of CK_TOKEN_INFO that this HSM sets. libp11 loads no key without TokenInitialized and LoginRequired.</summary>
[Flags]
internal enum TokenFlags : ulong
{
    Rng = 0x1,
    LoginRequired = 0x4,
    UserPinInitialized = 0x8,
    DualCryptoOperations = 0x200,
    TokenInitialized = 0x400,
}
