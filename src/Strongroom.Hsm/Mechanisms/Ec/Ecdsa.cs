using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_ECDSA, PKCS#11 3.2, 6.3.11; FIPS 186-5 6 without the hashing: the input is a hash, of which the leftmost bits of the order's length count.
public sealed class Ecdsa : EcdsaMechanism
{
    public override ulong Number => 0x1041;

    public override string Name => "CKM_ECDSA";

    protected override DigestAlgorithm? Hash => null;
}
