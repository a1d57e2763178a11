using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// A caller's template after the edge decoder: every attribute known, of the right length and given once. Values of secret components are slices of the request's frame, which the
/// listener clears; nothing here copies them.
/// </summary>
internal sealed class Template
{
    private readonly Dictionary<AttributeType, ReadOnlyMemory<byte>> _values = [];

    /// <summary>The booleans that were given.</summary>
    public ObjectFlags Given { get; private set; }

    /// <summary>Of them, those given as true.</summary>
    public ObjectFlags Set { get; private set; }

    /// <summary>Everything given that is not a boolean. Nested templates are packed (<see cref="AttributeBlob"/>), integers without leading zeros.</summary>
    public IReadOnlyDictionary<AttributeType, ReadOnlyMemory<byte>> Values => _values;

    /// <summary>All attributes given.</summary>
    public IEnumerable<AttributeType> Types { get; private set; } = [];

    public bool Has(AttributeType type) => _values.ContainsKey(type) || (Given & AttributeKinds.FlagOf(type)) != 0;

    public bool TryGet(AttributeType type, out ReadOnlyMemory<byte> value) => _values.TryGetValue(type, out value);

    /// <summary>A number that was given; null if it was not.</summary>
    public ulong? Number(AttributeType type) => _values.TryGetValue(type, out ReadOnlyMemory<byte> value) ? BinaryPrimitives.ReadUInt64LittleEndian(value.Span) : null;

    public ObjectClass? Class => (ObjectClass?)Number(AttributeType.Class);

    public KeyType? KeyType => (KeyType?)Number(AttributeType.KeyType);

    /// <summary>Decodes a template as it came from the edge.</summary>
    /// <returns>CKR_ATTRIBUTE_TYPE_INVALID for an unknown attribute, CKR_ATTRIBUTE_VALUE_INVALID for a value of the wrong length or form, CKR_TEMPLATE_INCONSISTENT for one given twice.</returns>
    public static Outcome<Template> Decode(ReadOnlySpan<RawAttribute> attributes) => Decode(attributes, nested: false);

    /// <summary>Adds what another key asks of this object (CKA_UNWRAP_TEMPLATE, CKA_DERIVE_TEMPLATE).</summary>
    /// <returns>CKR_TEMPLATE_INCONSISTENT if this template says otherwise.</returns>
    public Outcome<Template> MergedWith(ReadOnlySpan<byte> packed)
    {
        Outcome<Template> asked = Decode(OpenAttributes.Members(packed), nested: true);
        if (!asked.IsOk)
        {
            return asked;
        }

        var merged = new Template { Given = Given | asked.Value.Given, Set = Set | asked.Value.Set, Types = [.. Types.Union(asked.Value.Types)] };
        if (((Set ^ asked.Value.Set) & Given & asked.Value.Given) != 0)
        {
            return Causes.TemplateOfKeyViolated;
        }

        foreach ((AttributeType type, ReadOnlyMemory<byte> value) in _values.Concat(asked.Value._values))
        {
            if (!merged._values.TryAdd(type, value) && !merged._values[type].Span.SequenceEqual(value.Span))
            {
                return Causes.TemplateOfKeyViolated.On(type);
            }
        }

        return merged;
    }

    private static Outcome<Template> Decode(ReadOnlySpan<RawAttribute> attributes, bool nested)
    {
        if (attributes.Length > AttributeLimits.Attributes)
        {
            return Causes.TemplateTooLong;
        }

        var template = new Template();
        var types = new List<AttributeType>(attributes.Length);
        foreach (RawAttribute raw in attributes)
        {
            if (AttributeKinds.Find(raw.Type) is not { } row)
            {
                return Causes.AttributeUnknown.On(raw.Type);
            }

            if (types.Contains(raw.Type))
            {
                return Causes.AttributeTwice.On(raw.Type);
            }

            types.Add(raw.Type);
            if (!template.TryTake(row, raw, nested, out Cause? refusal))
            {
                return refusal;
            }
        }

        template.Types = types;
        return template;
    }

    private bool TryTake(AttributeKinds.Row row, in RawAttribute raw, bool nested, [NotNullWhen(false)] out Cause? refusal)
    {
        refusal = null;
        if (row.Kind == ValueKind.Template)
        {
            return !nested && raw.Nested is not null ? TryTakeTemplate(row, raw.Nested, out refusal) : Refuse(Causes.AttributeValue.On(row.Type), out refusal);
        }

        if (raw.Nested is not null || !IsWellFormed(row, raw.Value.Span))
        {
            return Refuse(Causes.AttributeValue.On(row.Type), out refusal);
        }

        if (row.Kind == ValueKind.Boolean)
        {
            Given |= row.Flag;
            Set |= raw.Value.Span[0] == 1 ? row.Flag : ObjectFlags.None;
        }
        else
        {
            _values.Add(row.Type, row.Kind == ValueKind.Integer ? raw.Value.TrimStart((byte)0) : raw.Value);
        }

        return true;
    }

    private bool TryTakeTemplate(AttributeKinds.Row row, RawAttribute[] members, [NotNullWhen(false)] out Cause? refusal)
    {
        Outcome<Template> inner = Decode(members, nested: true);
        refusal = inner.Cause;
        if (inner.IsOk)
        {
            _values.Add(row.Type, inner.Value.Pack().Bytes);
        }

        return inner.IsOk;
    }

    /// <summary>All attributes of this template, booleans included, as one blob: the stored form of CKA_WRAP_TEMPLATE and its like.</summary>
    private AttributeBlob Pack()
    {
        var all = new Dictionary<AttributeType, ReadOnlyMemory<byte>>(_values);
        foreach (AttributeType type in Types)
        {
            if (AttributeKinds.FlagOf(type) is var flag and not ObjectFlags.None)
            {
                all.Add(type, new[] { (byte)((Set & flag) != 0 ? 1 : 0) });
            }
        }

        return AttributeBlob.Pack(all);
    }

    private static bool Refuse(Cause cause, out Cause refusal)
    {
        refusal = cause;
        return false;
    }

    private static bool IsWellFormed(AttributeKinds.Row row, ReadOnlySpan<byte> value) => row.Kind switch
    {
        ValueKind.Boolean => value.Length == 1 && value[0] <= 1,
        ValueKind.Number => value.Length == sizeof(ulong),
        ValueKind.Date => value.Length == 0 || (value.Length == 8 && value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0),
        ValueKind.Mechanisms => value.Length % sizeof(ulong) == 0 && value.Length <= row.MaxLength,
        _ => value.Length <= row.MaxLength,
    };
}
