namespace Strongroom.Hsm.Objects;

/// <summary>Changes to an object that exists, judged by the tables: C_SetAttributeValue, and the template of C_CopyObject.</summary>
internal static class Alteration
{
    /// <summary>C_SetAttributeValue by the object's owner.</summary>
    public static Outcome<HsmObject> Set(HsmObject item, Template template) =>
        item.Has(ObjectFlags.Modifiable) ? Apply(item, template, change => change is not (Mutability.Never or Mutability.InCopy or Mutability.ByAdmin)) : Causes.NotModifiable;

    /// <summary>C_SetAttributeValue by an admin, who may set CKA_TRUSTED and nothing else.</summary>
    public static Outcome<HsmObject> SetByAdmin(HsmObject item, Template template) =>
        item.Has(ObjectFlags.Modifiable) ? Apply(item, template, change => change == Mutability.ByAdmin) : Causes.NotModifiable;

    /// <summary>What a copy will be. It is never trusted: an admin trusted the one that was shown.</summary>
    public static Outcome<HsmObject> Copy(HsmObject item, Template template)
    {
        if (!item.Has(ObjectFlags.Copyable))
        {
            return Causes.NotCopyable;
        }

        return Apply(item with { Flags = item.Flags & ~ObjectFlags.Trusted, SharedWith = [] }, template, change => change is not (Mutability.Never or Mutability.ByAdmin));
    }

    private static Outcome<HsmObject> Apply(HsmObject item, Template template, Func<Mutability, bool> permitted)
    {
        if (ObjectRules.Of(item.Class, item.KeyType) is not { } rules)
        {
            return Causes.KindUnknown;
        }

        ObjectFlags flags = item.Flags;
        Dictionary<AttributeType, ReadOnlyMemory<byte>>? values = null;
        foreach (AttributeType type in template.Types)
        {
            if (!rules.TryGetValue(type, out AttributeRule? rule))
            {
                return Causes.AttributeNotOfKind.On(type);
            }

            ObjectFlags flag = AttributeKinds.FlagOf(type);
            if (!permitted(rule.Later) || !IsRightDirection(rule, (item.Flags & flag) != 0, (template.Set & flag) != 0))
            {
                return Causes.AttributeReadOnly.On(type);
            }

            if (flag != ObjectFlags.None)
            {
                flags = (template.Set & flag) != 0 ? flags | flag : flags & ~flag;
            }
            else
            {
                (values ??= item.Attributes.Unpack())[type] = template.Values[type];
            }
        }

        if (values?.Values.Sum(value => (long)value.Length) > AttributeLimits.ObjectBytes)
        {
            return Causes.TemplateTooLong;
        }

        return item with { Flags = flags, Attributes = values is null ? item.Attributes : AttributeBlob.Pack(values) };
    }

    // CKA_PRIVATE in a copy only rises (PKCS#11 3.2, C_CopyObject).
    private static bool IsRightDirection(AttributeRule rule, bool before, bool after) => rule.Later switch
    {
        Mutability.OnlyToTrue => after || !before,
        Mutability.OnlyToFalse => before || !after,
        Mutability.InCopy when rule.Type == AttributeType.Private => after || !before,
        _ => true,
    };
}
