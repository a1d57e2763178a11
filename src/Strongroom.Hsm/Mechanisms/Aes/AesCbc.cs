using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_CBC, PKCS#11 3.2, 6.13.5. Whole blocks only. It wraps nothing: what comes back could not be told from noise.
public sealed class AesCbc : BlockCipherMechanism
{
    public override ulong Number => 0x1082;

    public override string Name => "CKM_AES_CBC";

    protected override CipherAlgorithm Cipher => CipherAlgorithm.AesCbc;
}
