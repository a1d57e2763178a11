namespace Strongroom.Hsm.Mechanisms;

// CKM_CLOUDHSM_AES_KEY_WRAP_NO_PAD, CloudHSM's number for RFC 3394.
public sealed class CloudHsmAesKeyWrapNoPad : AesKeyWrap
{
    public override ulong Number => 0x80002109;

    public override string Name => "CKM_CLOUDHSM_AES_KEY_WRAP_NO_PAD";
}
