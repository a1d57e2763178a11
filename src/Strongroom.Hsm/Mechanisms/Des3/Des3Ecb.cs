using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_DES3_ECB, PKCS#11 3.2, 6.16.4; SP 800-67. In FIPS mode it only decrypts (SP 800-131A 2).
public sealed class Des3Ecb : BlockCipherMechanism
{
    public override ulong Number => 0x132;

    public override string Name => "CKM_DES3_ECB";

    public override Approval Approval => Approval.Legacy;

    protected override KeyType KeyType => KeyType.Des3;

    protected override CipherAlgorithm Cipher => CipherAlgorithm.Des3Ecb;
}
