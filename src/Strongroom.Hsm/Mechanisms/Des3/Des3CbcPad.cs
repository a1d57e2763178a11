using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_DES3_CBC_PAD, PKCS#11 3.2, 6.16.6; SP 800-67. In FIPS mode it only decrypts (SP 800-131A 2).
public sealed class Des3CbcPad : BlockCipherMechanism
{
    public override ulong Number => 0x136;

    public override string Name => "CKM_DES3_CBC_PAD";

    public override Approval Approval => Approval.Legacy;

    protected override KeyType KeyType => KeyType.Des3;

    protected override CipherAlgorithm Cipher => CipherAlgorithm.Des3Cbc;

    protected override bool Pads => true;
}
