namespace Strongroom.Hsm.Mechanisms;

// CKM_AES_CMAC_GENERAL, PKCS#11 3.2, 6.14.2; SP 800-38B, with the length that the parameter names.
public sealed class AesCmacGeneral : AesCmac
{
    public override ulong Number => 0x108B;

    public override string Name => "CKM_AES_CMAC_GENERAL";

    protected override bool IsGeneral => true;
}
