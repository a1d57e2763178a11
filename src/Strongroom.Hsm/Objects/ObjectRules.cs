using System.Collections.Frozen;

namespace Strongroom.Hsm.Objects;

internal static partial class ObjectRules
{
    private static readonly FrozenDictionary<(ObjectClass Class, KeyType? KeyType), FrozenDictionary<AttributeType, AttributeRule>> ByKind =
        Kinds.ToFrozenDictionary(kind => (kind.Class, kind.KeyType), kind => kind.Rules.SelectMany(rules => rules).ToFrozenDictionary(rule => rule.Type));

    private static readonly FrozenDictionary<(ObjectClass Class, KeyType? KeyType), ObjectFlags> Flags =
        ByKind.ToFrozenDictionary(kind => kind.Key, kind => kind.Value.Keys.Aggregate(ObjectFlags.None, (flags, type) => flags | AttributeKinds.FlagOf(type)));

    /// <summary>The rules of a kind of object; null if there is no such kind.</summary>
    /// <param name="objectClass">The class.</param>
    /// <param name="keyType">For keys their type; null for certificates and data.</param>
    public static FrozenDictionary<AttributeType, AttributeRule>? Of(ObjectClass objectClass, KeyType? keyType) => ByKind.GetValueOrDefault((objectClass, keyType));

    /// <summary>The booleans that a kind of object has.</summary>
    public static ObjectFlags FlagsOf(ObjectClass objectClass, KeyType? keyType) => Flags.GetValueOrDefault((objectClass, keyType));

    private sealed record Kind(ObjectClass Class, KeyType? KeyType, AttributeRule[][] Rules);
}
