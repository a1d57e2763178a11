namespace Strongroom.Hsm.Mechanisms;

// CKM_SP800_108_FEEDBACK_KDF, PKCS#11 3.2, 6.42.4; SP 800-108 4.2. The first block before is the parameter's initial value, which may be empty.
public sealed class Sp800108FeedbackKdf : Sp800108Mechanism
{
    public override ulong Number => 0x3AD;

    public override string Name => "CKM_SP800_108_FEEDBACK_KDF";

    public override ParameterShape Shape => ParameterShape.Sp800108Feedback;

    protected override bool FeedsBack => true;
}
