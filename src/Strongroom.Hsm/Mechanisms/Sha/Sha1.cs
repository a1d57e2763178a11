using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CKM_SHA_1, PKCS#11 3.2, 6.18; FIPS 180-4. Not approved for new signatures; a plain digest stays allowed.
public sealed class Sha1 : DigestMechanism
{
    public override ulong Number => 0x220;

    public override string Name => "CKM_SHA_1";

    protected override DigestAlgorithm Hash => DigestAlgorithm.Sha1;
}
