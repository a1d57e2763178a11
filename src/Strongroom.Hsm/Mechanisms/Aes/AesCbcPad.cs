using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_CBC_PAD, PKCS#11 3.2, 6.13.6. Wraps secret and private keys outside FIPS mode's approval of key wrapping (SP 800-38F 3.1 wants authentication), so wrapping is NON_FIPS only.
public sealed class AesCbcPad : BlockCipherMechanism
{
    public override ulong Number => 0x1085;

    public override string Name => "CKM_AES_CBC_PAD";

    public override MechanismFlags Flags => MechanismFlags.Encrypt | MechanismFlags.Decrypt | MechanismFlags.Wrap | MechanismFlags.Unwrap;

    protected override CipherAlgorithm Cipher => CipherAlgorithm.AesCbc;

    protected override bool Pads => true;

    public override bool IsApproved(Use use) => use is not Use.Wrap;
}
