namespace Strongroom.Hsm.Mechanisms;

// CKM_ECDH1_COFACTOR_DERIVE, PKCS#11 3.2, 6.3.18. All our curves have the cofactor 1, so that it computes what CKM_ECDH1_DERIVE does.
public sealed class Ecdh1CofactorDerive : Ecdh1Derive
{
    public override ulong Number => 0x1051;

    public override string Name => "CKM_ECDH1_COFACTOR_DERIVE";
}
