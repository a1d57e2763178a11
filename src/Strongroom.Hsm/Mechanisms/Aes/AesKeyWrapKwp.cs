using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_KEY_WRAP_KWP, PKCS#11 3.2, 6.15; SP 800-38F KWP, RFC 5649. Any length from one byte.
public class AesKeyWrapKwp : AesKeyWrapMechanism
{
    public override ulong Number => 0x210B;

    public override string Name => "CKM_AES_KEY_WRAP_KWP";

    protected override CipherAlgorithm Cipher => CipherAlgorithm.AesWrapPad;

    protected override bool IsPlaintextLengthValid(int length) => length is >= 1 and <= MaxPlaintext;
}
