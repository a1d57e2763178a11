using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_ECB, PKCS#11 3.2, 6.13.4. Whole blocks only; equal blocks give equal ciphertexts, so it wraps nothing and is for what builds other modes of it.
public sealed class AesEcb : BlockCipherMechanism
{
    public override ulong Number => 0x1081;

    public override string Name => "CKM_AES_ECB";

    protected override CipherAlgorithm Cipher => CipherAlgorithm.AesEcb;
}
