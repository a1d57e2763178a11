namespace Strongroom.Hsm.Mechanisms;

// CKM_CLOUDHSM_AES_KEY_WRAP_PKCS5_PAD, CloudHSM's number for RFC 3394 over a padded key. Its exact padding is not public; here it is PKCS#5's, of 1 to 8 bytes.
public sealed class CloudHsmAesKeyWrapPkcs5Pad : AesKeyWrapPad
{
    public override ulong Number => 0x8000210A;

    public override string Name => "CKM_CLOUDHSM_AES_KEY_WRAP_PKCS5_PAD";
}
