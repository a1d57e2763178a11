using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_RSA_PKCS, PKCS#11 3.2, 6.1.6; RFC 8017 8.2 without the hashing: the input is the DigestInfo that the caller made, at most 11 bytes shorter than the modulus. Signs and verifies only.
public sealed class RsaPkcs : RsaPkcsMechanism
{
    public override ulong Number => 0x1;

    public override string Name => "CKM_RSA_PKCS";

    protected override DigestAlgorithm? Hash => null;
}
