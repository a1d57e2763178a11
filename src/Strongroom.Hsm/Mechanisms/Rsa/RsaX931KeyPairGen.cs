namespace Strongroom.Hsm.Mechanisms;

// CKM_RSA_X9_31_KEY_PAIR_GEN, PKCS#11 3.2, 6.1.5. CloudHSM's name for the generation of FIPS 186 (A.1.6, primes with conditions), which is what libcrypto does under either name.
public sealed class RsaX931KeyPairGen : RsaPkcsKeyPairGen
{
    public override ulong Number => 0xA;

    public override string Name => "CKM_RSA_X9_31_KEY_PAIR_GEN";
}
