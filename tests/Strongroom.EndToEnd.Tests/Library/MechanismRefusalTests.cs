using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;
using Strongroom.EndToEnd.Tests.Wycheproof;

namespace Strongroom.EndToEnd.Tests.Library;

/// <summary>
/// Every mechanism of the token × every use × every kind of key × what can be wrong with parameter and key: the standard's code, no operation left open, nothing stored. A new mechanism is tested without a line here.
/// </summary>
public sealed class MechanismRefusalTests(QuickstartDeployment deployment) : Suite(deployment)
{
    private const ulong KeyHandleInvalid = 0x60, KeySizeRange = 0x62, KeyTypeInconsistent = 0x63, KeyFunctionNotPermitted = 0x68, MechanismInvalid = 0x70, MechanismParamInvalid = 0x71;
    private const ulong UnwrappingKeyHandleInvalid = 0xF0, UnwrappingKeyTypeInconsistent = 0xF2, WrappingKeyHandleInvalid = 0x113, WrappingKeyTypeInconsistent = 0x115;
    private const ulong TemplateIncomplete = 0xD0, TemplateInconsistent = 0xD1, ParameterSetNotSupported = 0x209, AttributeValueInvalid = 0x13, AttributeTypeInvalid = 0x12, AttributeReadOnly = 0x10;

    // CKF_… and the function that begins the use.
    private static readonly (ulong Flag, string Function)[] Uses = [(0x100, "C_Encrypt"), (0x200, "C_Decrypt"), (0x400, "C_Digest"), (0x800, "C_Sign"), (0x2000, "C_Verify")];
    private static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];

    // No mechanism has a parameter of three bytes; as an IV, too, it is none.
    private static readonly Func<NativeMemory, byte[]> ThreeBytes = _ => [1, 2, 3];

    [Fact]
    public void A_parameter_of_no_possible_length_begins_nothing()
    {
        var keys = MakeKeys(useful: true);
        var before = Token.CountObjects();
        var wrong = new List<string>();
        foreach (var number in Token.Mechanisms)
        {
            foreach (var (flag, function) in Uses)
            {
                var codes = keys.Select(key => Token.Begin(function, new Mechanism(number, ThreeBytes), key)).Distinct().ToList();
                // A public key never decrypts, whatever its template says.
                var isOffered = (Token.FlagsOf(number) & flag) != 0;
                ulong[] allowed = isOffered ? [MechanismParamInvalid, KeyTypeInconsistent, KeySizeRange, KeyFunctionNotPermitted] : [MechanismInvalid, MechanismParamInvalid];
                Note(wrong, codes.All(allowed.Contains) && (!isOffered || codes.Contains(MechanismParamInvalid)) && !Token.IsOpen(function), $"0x{number:X} {function}: {Show(codes)}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(before, Token.CountObjects());
    }

    [Fact]
    public void A_key_that_may_not_be_used_so_begins_nothing()
    {
        var keys = MakeKeys(useful: false);
        var wrong = new List<string>();
        foreach (var number in Token.Mechanisms)
        {
            foreach (var (flag, function) in Uses.Where(use => use.Function != "C_Digest" && (Token.FlagsOf(number) & use.Flag) != 0))
            {
                // Where the parameter is a structure the library sees first that it is missing.
                var codes = keys.Select(key => Token.Begin(function, new Mechanism(number), key)).Distinct().ToList();
                Note(wrong, codes.All(code => code is KeyFunctionNotPermitted or MechanismParamInvalid) && !Token.IsOpen(function), $"0x{number:X} {function}: {Show(codes)}");
                var unknown = Token.Begin(function, new Mechanism(number), 0x7777_7777);
                Note(wrong, unknown is KeyHandleInvalid or MechanismParamInvalid && !Token.IsOpen(function), $"0x{number:X} {function} with no key: {unknown:X}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void A_mechanism_that_does_not_exist_begins_and_makes_nothing()
    {
        var keys = MakeKeys(useful: true);
        var before = Token.CountObjects();
        var nonsense = new Mechanism(0x7777_7777);
        Assert.All(Uses, use => Assert.Equal(MechanismInvalid, Token.Begin(use.Function, nonsense, keys[0])));
        Assert.Equal(MechanismInvalid, Token.Generate(nonsense).Rv);
        Assert.Equal(MechanismInvalid, Token.GeneratePair(nonsense, [], []).Rv);
        Assert.Equal(MechanismInvalid, Token.Derive(nonsense, keys[0]).Rv);
        Assert.Equal(MechanismInvalid, Token.Wrap(nonsense, keys[0], keys[0]).Rv);
        Assert.Equal(MechanismInvalid, Token.Unwrap(nonsense, keys[0], [1]).Rv);
        Assert.Equal(MechanismInvalid, Token.Encapsulate(nonsense, keys[0], 4096).Rv);
        Assert.Equal(MechanismInvalid, Token.Decapsulate(nonsense, keys[0], [1]).Rv);
        Assert.Equal(before, Token.CountObjects());
    }

    [Fact]
    public void What_makes_keys_makes_none_of_a_wrong_parameter_or_a_wrong_key()
    {
        var useful = MakeKeys(useful: true);
        var useless = MakeKeys(useful: false);
        CkAttribute[] secret = Readable(32);
        var before = Token.CountObjects();
        var wrong = new List<string>();
        foreach (var number in Token.Mechanisms)
        {
            var (mechanism, plain) = (new Mechanism(number, ThreeBytes), new Mechanism(number));
            Note(wrong, Token.Generate(mechanism, secret).Rv is MechanismInvalid or MechanismParamInvalid or TemplateInconsistent, $"0x{number:X} C_GenerateKey");
            Note(wrong, Token.GeneratePair(mechanism, [], []).Rv is MechanismInvalid or MechanismParamInvalid or TemplateIncomplete, $"0x{number:X} C_GenerateKeyPair");
            foreach (var key in useful)
            {
                Note(wrong, Token.Derive(mechanism, key, secret).Rv is MechanismInvalid or MechanismParamInvalid or KeyTypeInconsistent or KeySizeRange or KeyFunctionNotPermitted, $"0x{number:X} C_DeriveKey");
                Note(wrong, Token.Wrap(mechanism, key, useful[^1]).Rv is MechanismInvalid or MechanismParamInvalid or WrappingKeyTypeInconsistent or KeySizeRange or KeyFunctionNotPermitted, $"0x{number:X} C_WrapKey");
                Note(wrong, Token.Unwrap(mechanism, key, new byte[256], secret[..^1]).Rv is MechanismInvalid or MechanismParamInvalid or UnwrappingKeyTypeInconsistent or KeySizeRange or KeyFunctionNotPermitted, $"0x{number:X} C_UnwrapKey");
                Note(wrong, Token.Encapsulate(mechanism, key, 4096, secret).Rv is MechanismInvalid or MechanismParamInvalid or KeyFunctionNotPermitted, $"0x{number:X} C_EncapsulateKey");
                Note(wrong, Token.Decapsulate(mechanism, key, new byte[768], secret).Rv is MechanismInvalid or MechanismParamInvalid or KeyFunctionNotPermitted, $"0x{number:X} C_DecapsulateKey");
            }

            foreach (var key in useless)
            {
                Note(wrong, Token.Derive(plain, key, secret).Rv is MechanismInvalid or MechanismParamInvalid or KeyFunctionNotPermitted, $"0x{number:X} C_DeriveKey of a key that may not");
                Note(wrong, Token.Wrap(plain, key, useful[^1]).Rv is MechanismInvalid or MechanismParamInvalid or KeyFunctionNotPermitted, $"0x{number:X} C_WrapKey under a key that may not");
                Note(wrong, Token.Unwrap(plain, key, new byte[256], secret[..^1]).Rv is MechanismInvalid or MechanismParamInvalid or KeyFunctionNotPermitted, $"0x{number:X} C_UnwrapKey with a key that may not");
                Note(wrong, Token.Encapsulate(plain, key, 4096, secret).Rv is MechanismInvalid or MechanismParamInvalid or KeyFunctionNotPermitted, $"0x{number:X} C_EncapsulateKey under a key that may not");
                Note(wrong, Token.Decapsulate(plain, key, new byte[768], secret).Rv is MechanismInvalid or MechanismParamInvalid or KeyFunctionNotPermitted, $"0x{number:X} C_DecapsulateKey with a key that may not");
            }

            Note(wrong, Token.Wrap(plain, 0x7777_7777, useful[^1]).Rv is MechanismInvalid or MechanismParamInvalid or WrappingKeyHandleInvalid, $"0x{number:X} C_WrapKey under no key");
            Note(wrong, Token.Unwrap(plain, 0x7777_7777, new byte[256], secret[..^1]).Rv is MechanismInvalid or MechanismParamInvalid or UnwrappingKeyHandleInvalid, $"0x{number:X} C_UnwrapKey with no key");
        }

        Assert.Empty(wrong);
        Assert.Equal(before, Token.CountObjects());
    }

    // Each generation × each thing that no template may say. The rest of the template is right, so that nothing else can be what is refused.
    [Fact]
    public void A_template_that_can_not_be_makes_no_key_with_any_generation()
    {
        var before = Token.CountObjects();
        (string What, CkAttribute[] More, ulong[] Codes)[] impossible =
        [
            ("an unknown attribute", [new(0x7777, [1])], [AttributeTypeInvalid]),
            ("an attribute twice", [new(3, [1]), new(3, [1])], [TemplateInconsistent]),
            ("a boolean of two bytes", [new(Cka.Token, [0, 0])], [AttributeValueInvalid]),
            ("a boolean that is 2", [new(0x170, [2])], [AttributeValueInvalid]),
            ("a date of five bytes", [new(0x110, [1, 2, 3, 4, 5])], [AttributeValueInvalid]),
            ("what only the HSM tells", [CkAttribute.Of(0x163, true)], [AttributeReadOnly]),
            ("what only an admin sets", [CkAttribute.Of(0x86, true)], [AttributeReadOnly, TemplateInconsistent]),
            ("a class of nothing", [CkAttribute.Of(Cka.Class, 0x7777UL)], [TemplateInconsistent]),
            ("a key type of nothing", [CkAttribute.Of(Cka.KeyType, 0x7777UL)], [TemplateInconsistent, AttributeValueInvalid]),
            ("the value of what is to be drawn", [CkAttribute.Of(Cka.Value, new byte[16])], [TemplateInconsistent]),
            ("another kind's attribute", [CkAttribute.Of(Cka.Prime1, [1])], [TemplateInconsistent]),
        ];
        var wrong = new List<string>();
        foreach (var (what, more, codes) in impossible)
        {
            foreach (var (mechanism, template) in Generations)
            {
                CkAttribute[] whole = [.. template.Where(mine => more.All(theirs => theirs.Type != mine.Type)), .. more];
                var rv = Token.Generate(mechanism, whole).Rv;
                Note(wrong, codes.Contains(rv), $"0x{mechanism.Number:X} with {what}: 0x{rv:X}");
            }

            foreach (var (number, template) in PairGenerations)
            {
                var inPublic = Token.GeneratePair(new Mechanism(number), [.. template, .. more], []).Rv;
                var inPrivate = Token.GeneratePair(new Mechanism(number), template, more).Rv;
                Note(wrong, codes.Contains(inPublic), $"0x{number:X} with {what} in the public template: 0x{inPublic:X}");
                Note(wrong, codes.Contains(inPrivate), $"0x{number:X} with {what} in the private template: 0x{inPrivate:X}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(before, Token.CountObjects());
    }

    [Fact]
    public void Parameters_of_a_pair_out_of_range_make_none()
    {
        var before = Token.CountObjects();
        byte[] secp112r1 = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x06];
        (ulong Number, CkAttribute[] Template, ulong Rv)[] rows =
        [
            (0x0, [CkAttribute.Of(0x121, 1024UL)], KeySizeRange),
            (0x0, [CkAttribute.Of(0x121, 2050UL)], KeySizeRange),
            (0x0, [CkAttribute.Of(0x121, ulong.MaxValue)], AttributeValueInvalid),
            (0x0, [CkAttribute.Of(0x121, 2048UL), CkAttribute.Of(Cka.PublicExponent, [1, 0, 0])], AttributeValueInvalid),
            (0x0, [CkAttribute.Of(0x121, 2048UL), CkAttribute.Of(Cka.PublicExponent, [3])], AttributeValueInvalid),
            (0xA, [CkAttribute.Of(0x121, 2048UL), CkAttribute.Of(Cka.PublicExponent, [1])], AttributeValueInvalid),
            (0x0, [], TemplateIncomplete),
            (0x1040, [CkAttribute.Of(Cka.EcParams, secp112r1)], 0x140),
            (0x1040, [CkAttribute.Of(Cka.EcParams, [1])], 0x140),
            (0x1040, [], TemplateIncomplete),
            (0x1055, [CkAttribute.Of(Cka.EcParams, P256)], 0x140),
            (0x1056, [CkAttribute.Of(Cka.EcParams, P256)], 0x140),
            (0x1C, [CkAttribute.Of(Cka.ParameterSet, 0UL)], ParameterSetNotSupported),
            (0xF, [CkAttribute.Of(Cka.ParameterSet, 9UL)], ParameterSetNotSupported),
            (0xF, [], TemplateIncomplete),
        ];
        Assert.All(rows, row => Assert.Equal(row.Rv, Token.GeneratePair(new Mechanism(row.Number), row.Template, []).Rv));
        Assert.Equal(before, Token.CountObjects());
    }

    private static (Mechanism Mechanism, CkAttribute[] Template)[] Generations =>
    [
        (new Mechanism(0x1080), [CkAttribute.Of(Cka.ValueLen, 32UL)]),
        (new Mechanism(0x350), [CkAttribute.Of(Cka.ValueLen, 32UL)]),
        (new Mechanism(0x402C), [CkAttribute.Of(Cka.ValueLen, 32UL)]),
        (new Mechanism(0x131), []),
        (Mechanism.Pbkdf2(4, [1], new byte[16], 1000), [CkAttribute.Of(Cka.KeyType, Ck.GenericSecret), CkAttribute.Of(Cka.ValueLen, 32UL)]),
    ];

    private static (ulong Number, CkAttribute[] Template)[] PairGenerations =>
    [
        (0x0, [CkAttribute.Of(0x121, 2048UL)]),
        (0xA, [CkAttribute.Of(0x121, 2048UL)]),
        (0x1040, [CkAttribute.Of(Cka.EcParams, P256)]),
        (0x1055, [CkAttribute.Of(Cka.EcParams, [0x06, 0x03, 0x2B, 0x65, 0x70])]),
        (0x1056, [CkAttribute.Of(Cka.EcParams, [0x06, 0x03, 0x2B, 0x65, 0x6E])]),
        (0x1C, [CkAttribute.Of(Cka.ParameterSet, 1UL)]),
        (0xF, [CkAttribute.Of(Cka.ParameterSet, 1UL)]),
    ];

    // One key of each kind, with every use that its class has, or with none.
    private List<ulong> MakeKeys(bool useful)
    {
        var keys = new List<ulong>();
        CkAttribute session = CkAttribute.Of(Cka.Token, false), extractable = CkAttribute.Of(Cka.Extractable, true);
        CkAttribute[] Flags(params ulong[] uses) => [session, .. uses.Select(use => CkAttribute.Of(use, useful))];
        foreach (var (number, template) in PairGenerations.Where(pair => pair.Number != 0xA))
        {
            ulong[] encapsulate = number == 0xF ? [Cka.Encapsulate] : [], decapsulate = number == 0xF ? [Cka.Decapsulate] : [];
            var (rv, publicKey, privateKey) = Token.GeneratePair(
                new Mechanism(number),
                [.. template, .. Flags([Cka.Encrypt, Cka.Verify, Cka.Wrap, .. encapsulate])],
                Flags([Cka.Decrypt, Cka.Sign, Cka.Unwrap, Cka.Derive, .. decapsulate]));
            Assert.Equal(Ck.Ok, rv);
            keys.AddRange([Remember(publicKey), Remember(privateKey)]);
        }

        foreach (var (mechanism, template) in Generations.Where(one => one.Mechanism.Number != Ckm.Pbkdf2))
        {
            var (rv, key) = Token.Generate(mechanism, [.. template, extractable, .. Flags(Cka.Encrypt, Cka.Decrypt, Cka.Sign, Cka.Verify, Cka.Wrap, Cka.Unwrap, Cka.Derive)]);
            Assert.Equal(Ck.Ok, rv);
            keys.Add(Remember(key));
        }

        return keys;
    }

    private static void Note(List<string> wrong, bool isRight, string what)
    {
        if (!isRight)
        {
            wrong.Add(what);
        }
    }

    private static string Show(IEnumerable<ulong> codes) => string.Join(' ', codes.Select(code => $"0x{code:X}"));
}
