namespace Strongroom.Hsm.Mechanisms;

// CKM_CLOUDHSM_AES_KEY_WRAP_ZERO_PAD, CloudHSM's number for RFC 5649.
public sealed class CloudHsmAesKeyWrapZeroPad : AesKeyWrapKwp
{
    public override ulong Number => 0x8000216F;

    public override string Name => "CKM_CLOUDHSM_AES_KEY_WRAP_ZERO_PAD";
}
