namespace Strongroom.Hsm.Mechanisms;

// CKM_SP800_108_COUNTER_KDF, PKCS#11 3.2, 6.42.3; SP 800-108 4.1.
public sealed class Sp800108CounterKdf : Sp800108Mechanism
{
    public override ulong Number => 0x3AC;

    public override string Name => "CKM_SP800_108_COUNTER_KDF";

    public override ParameterShape Shape => ParameterShape.Sp800108;

    protected override bool FeedsBack => false;
}
