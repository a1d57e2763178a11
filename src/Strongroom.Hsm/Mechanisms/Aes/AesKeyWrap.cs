using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_KEY_WRAP, PKCS#11 3.2, 6.15; SP 800-38F KW, RFC 3394. Whole half-blocks of 8 bytes, at least two. A private key's PKCS#8 seldom has such a length: use CKM_AES_KEY_WRAP_KWP.
public class AesKeyWrap : AesKeyWrapMechanism
{
    public override ulong Number => 0x2109;

    public override string Name => "CKM_AES_KEY_WRAP";

    protected override CipherAlgorithm Cipher => CipherAlgorithm.AesWrap;

    protected override bool IsPlaintextLengthValid(int length) => length is >= 16 and <= MaxPlaintext && length % 8 == 0;
}
