namespace Strongroom.Hsm.Mechanisms;

// CKM_SP800_108_COUNTER_KDF under CloudHSM's vendor number, with the structures of its header: SP 800-108 4.1. Whatever the order in which the parameters are given, the input is the counter, the label, a zero byte, the context,
// other bytes, and the length of what is derived; so AWS's samples describe it. All numbers are big-endian.
public sealed class CloudHsmSp800108CounterKdf : Sp800108Mechanism
{
    private const ulong CounterFormat = 4, Label = 5, Context = 6, KeyLengthFormat = 7, Bytes = 8;
    private static readonly ulong[] Order = [CounterFormat, Label, Context, Bytes, KeyLengthFormat];

    public override ulong Number => 0x80000001;

    public override string Name => "CKM_CLOUDHSM_SP800_108_COUNTER_KDF";

    public override ParameterShape Shape => ParameterShape.CloudHsmSp800108;

    protected override bool FeedsBack => false;

    // AWS's sample derives from an AES key by HMAC.
    protected override bool TakesKey(bool isCmac, KeyType type) => type == KeyType.Aes || !isCmac;

    protected override DerivationPart[] PartsOf(in MechanismCall call)
    {
        var given = call.Parts ?? [];
        if (given.Any(part => !Order.Contains(part.Kind)) || given.Count(part => part.Kind == Label) > 1 || given.Count(part => part.Kind == Context) > 1)
        {
            return [];
        }

        var isNamed = given.Any(part => part.Kind is Label or Context);
        return [.. Order.SelectMany(kind => given.Where(part => part.Kind == kind).Select(Translate).Concat(kind == Label && isNamed ? [Zero] : []))];
    }

    private static DerivationPart Zero => new(ByteArray, new byte[1], false, 0, 0);

    private static DerivationPart Translate(DerivationPart part) => part with
    {
        Kind = part.Kind switch { CounterFormat => IterationVariable, KeyLengthFormat => DerivedLength, _ => ByteArray },
    };
}
