namespace Strongroom.Hsm.Objects;

/// <summary>What a template says of an object that is about to be, after the tables have judged and completed it. What only the key's bytes can tell is still missing.</summary>
internal sealed class Draft
{
    private Draft(ObjectClass objectClass, KeyType? keyType, ObjectFlags flags, Dictionary<AttributeType, ReadOnlyMemory<byte>> values)
    {
        Class = objectClass;
        KeyType = keyType;
        Flags = flags;
        Values = values;
    }

    public ObjectClass Class { get; }

    public KeyType? KeyType { get; }

    public ObjectFlags Flags { get; private set; }

    /// <summary>Attributes to be stored in the open; the maker of the key adds its public components.</summary>
    public Dictionary<AttributeType, ReadOnlyMemory<byte>> Values { get; }

    public bool IsToken => (Flags & ObjectFlags.Token) != 0;

    /// <summary>Judges a template by the tables.</summary>
    /// <param name="template">The caller's, already merged with what an unwrapping key asks.</param>
    /// <param name="origin">How the object comes to be.</param>
    /// <param name="expected">The class and key type that the mechanism makes, where it says so; the template may leave them out, or must agree.</param>
    public static Outcome<Draft> From(Template template, Origin origin, (ObjectClass Class, KeyType KeyType)? expected)
    {
        if (expected is { } kind && ((template.Class ?? kind.Class) != kind.Class || (template.KeyType ?? kind.KeyType) != kind.KeyType))
        {
            return Causes.MechanismMakesOtherKind;
        }

        if ((template.Class ?? expected?.Class) is not { } objectClass)
        {
            return Causes.AttributeMissing.On(AttributeType.Class);
        }

        bool isKey = objectClass is ObjectClass.PublicKey or ObjectClass.PrivateKey or ObjectClass.SecretKey;
        KeyType? keyType = template.KeyType ?? expected?.KeyType;
        if (isKey && keyType is null)
        {
            return Causes.AttributeMissing.On(AttributeType.KeyType);
        }

        return ObjectRules.Of(objectClass, isKey ? keyType : null) is { } rules
            ? Judge(template, origin, rules, objectClass, isKey ? keyType : null, expected is not null)
            : Causes.KindUnknown;
    }

    /// <summary>Sets what follows from how the key came to be.</summary>
    /// <param name="local">Generated inside, and not derived or imported.</param>
    /// <param name="alwaysSensitive">Its bytes were never readable.</param>
    /// <param name="neverExtractable">It could never leave, not even wrapped.</param>
    public void SetHistory(bool local, bool alwaysSensitive, bool neverExtractable)
    {
        ObjectFlags has = ObjectRules.FlagsOf(Class, KeyType);
        Flags |= has & ((local ? ObjectFlags.Local : 0) | (alwaysSensitive ? ObjectFlags.AlwaysSensitive : 0) | (neverExtractable ? ObjectFlags.NeverExtractable : 0));
    }

    public bool Has(ObjectFlags flag) => (Flags & flag) != 0;

    private static Outcome<Draft> Judge(Template template, Origin origin, IReadOnlyDictionary<AttributeType, AttributeRule> rules, ObjectClass objectClass, KeyType? keyType, bool kindIsKnown)
    {
        foreach (AttributeType type in template.Types)
        {
            if (!rules.TryGetValue(type, out AttributeRule? rule) || rule.For(origin) == Given.Contradicts)
            {
                return Causes.AttributeNotOfKind.On(type);
            }

            // CKA_TRUSTED may be named as false, which it is anyway.
            if (rule.For(origin) == Given.Never || (rule.Later == Mutability.ByAdmin && (template.Set & AttributeKinds.FlagOf(type)) != 0))
            {
                return Causes.AttributeReadOnly.On(type);
            }
        }

        var draft = new Draft(objectClass, keyType, ObjectFlags.None, []);
        foreach (AttributeRule rule in rules.Values)
        {
            bool implied = kindIsKnown && rule.Type is AttributeType.Class or AttributeType.KeyType;
            if (rule.For(origin) == Given.Must && !implied && !template.Has(rule.Type))
            {
                return Causes.AttributeMissing.On(rule.Type);
            }

            draft.Take(rule, template, origin);
        }

        return draft.Values.Values.Sum(value => (long)value.Length) <= AttributeLimits.ObjectBytes ? draft : Causes.TemplateTooLong;
    }

    private void Take(AttributeRule rule, Template template, Origin origin)
    {
        ObjectFlags flag = AttributeKinds.FlagOf(rule.Type);
        if (flag != ObjectFlags.None)
        {
            bool value = (template.Given & flag) != 0 ? (template.Set & flag) != 0 : DefaultOf(rule, origin);
            Flags |= value ? flag : ObjectFlags.None;
        }
        else if (!rule.Secret && !IsComputed(rule.Type) && template.TryGet(rule.Type, out ReadOnlyMemory<byte> value))
        {
            Values.Add(rule.Type, value);
        }
    }

    // CloudHSM's defaults: a generated secret key signs and verifies (its guide, PKCS#11 attributes). Certificates are for everyone.
    private bool DefaultOf(AttributeRule rule, Origin origin) => (rule.Type, Class) switch
    {
        (AttributeType.Sign or AttributeType.Verify, ObjectClass.SecretKey) => origin == Origin.Generate,
        (AttributeType.Private, ObjectClass.Certificate) => false,
        _ => rule.Default,
    };

    private static bool IsComputed(AttributeType type) => type is AttributeType.Class or AttributeType.KeyType or AttributeType.ModulusBits or AttributeType.CheckValue or AttributeType.ValueLen;
}
