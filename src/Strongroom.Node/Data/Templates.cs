using Strongroom.Hsm;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Attributes and mechanisms between the wire and the module.</summary>
internal static class Templates
{
    public static RawAttribute[] From(WireAttribute[] template)
    {
        var raw = template.Length == 0 ? [] : new RawAttribute[template.Length];
        for (var i = 0; i < raw.Length; i++)
        {
            raw[i] = new RawAttribute((AttributeType)template[i].Type, template[i].Value ?? default, template[i].Nested is { } nested ? From(nested) : null);
        }

        return raw;
    }

    public static WireAttribute[] To(RawAttribute[] template) =>
        Array.ConvertAll(template, a => new WireAttribute((ulong)a.Type, a.Nested is null ? a.Value : (ReadOnlyMemory<byte>?)null, a.Nested is { } nested ? To(nested) : null));

    public static WireAttributeResult[] To(AttributeReading[] readings) => Array.ConvertAll(
        readings, r => new WireAttributeResult((ulong)r.Type, (ulong)r.Rv, r.Nested is null ? r.Value : null, r.Nested is { } nested ? To(nested) : null));

    public static MechanismCall From(in WireMechanism mechanism) => new(
        mechanism.Number,
        (ParameterShape)Math.Min(mechanism.Shape, int.MaxValue),
        mechanism.Iv,
        mechanism.Aad,
        mechanism.Bits,
        mechanism.Hash,
        mechanism.Mgf,
        mechanism.Length,
        mechanism.Parts is null ? null : Array.ConvertAll(mechanism.Parts, p => new DerivationPart(p.Kind, p.Value, p.LittleEndian, p.WidthInBits, p.Method)));
}
