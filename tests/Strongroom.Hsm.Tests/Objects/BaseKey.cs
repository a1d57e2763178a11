using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Objects;

/// <summary>A key that others come from, in one of the ways that there are: a derivation, or an encapsulation on one of its two sides.</summary>
internal sealed class BaseKey
{
    private static readonly MechanismCall Encapsulating = new(0x17);

    private readonly TestHsm _hsm;
    private readonly TestInstance _alice;
    private readonly string _way;
    private KeyPairHandles _pair;
    private ObjectHandle _key;
    private byte[] _ciphertext = [];

    private BaseKey(TestHsm hsm, TestInstance alice, string way)
    {
        _hsm = hsm;
        _way = way;
        _alice = alice;
    }

    public static IReadOnlyList<string> Ways { get; } =
        ["CKM_ECDH1_DERIVE", "CKM_HKDF_DERIVE", "CKM_SP800_108_COUNTER_KDF", "CKM_SP800_108_FEEDBACK_KDF", "C_EncapsulateKey", "C_DecapsulateKey"];

    /// <summary>Generates one.</summary>
    /// <param name="hsm">where</param>
    /// <param name="alice">its owner</param>
    /// <param name="way">one of <see cref="Ways"/></param>
    /// <param name="asked">the template that it asks its keys to obey; none if empty</param>
    public static Task<BaseKey> MakeAsync(TestHsm hsm, TestInstance alice, string way, params RawAttribute[] asked) => MakeAsync(hsm, alice, way, asked, []);

    /// <summary>Generates one that is sensitive and stays inside, or neither.</summary>
    public static Task<BaseKey> MakeHiddenAsync(TestHsm hsm, TestInstance alice, string way, bool hidden) =>
        MakeAsync(hsm, alice, way, [], [AttributeType.Sensitive.Is(hidden), AttributeType.Extractable.Is(!hidden)]);

    /// <summary>Makes a key from it: 32 bytes.</summary>
    public async Task<Outcome<ObjectHandle>> DeriveAsync(params RawAttribute[] template)
    {
        if (_way == "C_EncapsulateKey")
        {
            Outcome<Encapsulation> made = await EncapsulateAsync(template);
            return made.IsOk ? made.Value.Key : made.Cause;
        }

        if (_way == "C_DecapsulateKey")
        {
            return await _hsm.Module.DecapsulateKeyAsync(_alice.Caller, _alice.ReadWrite, _alice.NextCreation(), Encapsulating, _key, _ciphertext, template, TestHsm.Cancel);
        }

        MechanismCall call = _way switch
        {
            "CKM_ECDH1_DERIVE" => new(0x1050, ParameterShape.Ecdh, Iv: _hsm.Read(_alice, _pair.Public, AttributeType.EcPoint).Value, Hash: 1),
            "CKM_HKDF_DERIVE" => new(0x402A, ParameterShape.Hkdf, Bits: 3, Hash: 0x250, Mgf: 1),
            "CKM_SP800_108_COUNTER_KDF" => new(0x3AC, ParameterShape.Sp800108, Hash: 0x251, Parts: [new(1, null, false, 32, 0)]),
            _ => new(0x3AD, ParameterShape.Sp800108Feedback, Hash: 0x251, Parts: [new(1, null, false, 0, 0)]),
        };
        return await _hsm.Module.DeriveKeyAsync(_alice.Caller, _alice.ReadWrite, _alice.NextCreation(), call, _key, template, TestHsm.Cancel);
    }

    private static async Task<BaseKey> MakeAsync(TestHsm hsm, TestInstance alice, string way, RawAttribute[] asked, RawAttribute[] history)
    {
        var made = new BaseKey(hsm, alice, way);
        await (way switch
        {
            "CKM_ECDH1_DERIVE" => made.MakePairAsync(
                TestCalls.EcKeyPairGen, [AttributeType.EcParams.Is(Templates.P256)], [AttributeType.Derive.Is(true), .. Template(AttributeType.DeriveTemplate), .. history]),
            "C_EncapsulateKey" => made.MakeEncapsulatingPairAsync(Template(AttributeType.EncapsulateTemplate), history),
            "C_DecapsulateKey" => made.MakeEncapsulatingPairAsync([], [.. Template(AttributeType.DecapsulateTemplate), .. history]),
            _ => made.MakeSecretAsync([AttributeType.Derive.Is(true), .. Template(AttributeType.DeriveTemplate), .. history]),
        });
        return made;

        RawAttribute[] Template(AttributeType type) => asked.Length > 0 ? [type.Is(asked)] : [];
    }

    private async Task MakeSecretAsync(RawAttribute[] template) => _key = (await _hsm.Module.GenerateKeyAsync(
        _alice.Caller, _alice.ReadWrite, _alice.NextCreation(), new(0x350), [AttributeType.ValueLen.Is(32UL), .. template], TestHsm.Cancel)).Value;

    private async Task MakePairAsync(MechanismCall call, RawAttribute[] publicTemplate, RawAttribute[] privateTemplate)
    {
        _pair = (await _hsm.Module.GenerateKeyPairAsync(_alice.Caller, _alice.ReadWrite, _alice.NextCreation(), call, publicTemplate, privateTemplate, TestHsm.Cancel)).Value;
        _key = _pair.Private;
    }

    private async Task MakeEncapsulatingPairAsync(RawAttribute[] publicTemplate, RawAttribute[] privateTemplate)
    {
        await MakePairAsync(new(0xF), [AttributeType.ParameterSet.Is(1UL), AttributeType.Encapsulate.Is(true), .. publicTemplate], [AttributeType.Decapsulate.Is(true), .. privateTemplate]);
        _ciphertext = _way == "C_DecapsulateKey" ? (await EncapsulateAsync([])).Value.Ciphertext.ToArray() : [];
    }

    private ValueTask<Outcome<Encapsulation>> EncapsulateAsync(RawAttribute[] template) =>
        _hsm.Module.EncapsulateKeyAsync(_alice.Caller, _alice.ReadWrite, _alice.NextCreation(), Encapsulating, _pair.Public, template, TestHsm.Cancel);
}
