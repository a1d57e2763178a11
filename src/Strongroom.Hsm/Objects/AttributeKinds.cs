using System.Collections.Frozen;

namespace Strongroom.Hsm.Objects;

internal static partial class AttributeKinds
{
    private static readonly FrozenDictionary<AttributeType, Row> ByType = Rows.ToFrozenDictionary(row => row.Type);

    /// <summary>The attribute's row; null if this HSM does not know the attribute.</summary>
    public static Row? Find(AttributeType type) => ByType.GetValueOrDefault(type);

    /// <summary>The flag of a boolean attribute; none for any other.</summary>
    public static ObjectFlags FlagOf(AttributeType type) => Find(type)?.Flag ?? ObjectFlags.None;

    /// <summary>One attribute. <paramref name="MaxLength"/> is in bytes and counts for the kinds of free length.</summary>
    internal sealed record Row(AttributeType Type, ValueKind Kind, int MaxLength = 0)
    {
        public Row(AttributeType type, ObjectFlags flag)
            : this(type, ValueKind.Boolean) => Flag = flag;

        public ObjectFlags Flag { get; }
    }
}
