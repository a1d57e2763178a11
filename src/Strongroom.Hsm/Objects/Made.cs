using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Users;
using Approval = Strongroom.Hsm.Quorum.Approval;

namespace Strongroom.Hsm.Objects;

/// <summary>A key that has just been made or taken, with the attributes it will have; not yet an object, since it has no handle and no owner. Holds the key open until it is disposed.</summary>
internal sealed class Made : IDisposable
{
    private const int CheckValueSize = 3;

    private readonly HsmObject _shape;
    private readonly KeyMaterial? _material;
    private readonly List<Approval> _approvals = [];

    private Made(HsmObject shape, KeyMaterial? material)
    {
        _shape = shape;
        _material = material;
    }

    public bool IsToken => _shape.Has(ObjectFlags.Token);

    /// <summary>A certificate or data object.</summary>
    public static Outcome<Made> WithoutKey(Draft draft, Template template) =>
        draft.Class == ObjectClass.Certificate && AddCertificateAttributes(draft, template) is { } refusal ? refusal : new Made(Shape(draft), null);

    /// <summary>A key from outside. Takes over the material, also when it refuses.</summary>
    public static Outcome<Made> Of(Draft draft, Template template, KeyMaterial material) => Complete(draft, template, material);

    /// <summary>A key generated here. Takes over the material, also when it refuses.</summary>
    public static Outcome<Made> Generated(Draft draft, Template template, KeyMaterial material, Mechanism mechanism)
    {
        draft.SetHistory(local: true, alwaysSensitive: draft.Has(ObjectFlags.Sensitive), neverExtractable: !draft.Has(ObjectFlags.Extractable));
        draft.Values[AttributeType.KeyGenMechanism] = OpenAttributes.Number(mechanism.Number);
        return Complete(draft, template, material);
    }

    /// <summary>A key derived from another. It was always as hidden as its base key, and is now as hidden as its template says (PKCS#11 3.2, 6.3.17). Takes over the material, also when it refuses.</summary>
    public static Outcome<Made> Derived(Draft draft, Template template, KeyMaterial material, HsmObject baseKey)
    {
        draft.SetHistory(
            local: false,
            alwaysSensitive: baseKey.Has(ObjectFlags.AlwaysSensitive) && draft.Has(ObjectFlags.Sensitive),
            neverExtractable: baseKey.Has(ObjectFlags.NeverExtractable) && !draft.Has(ObjectFlags.Extractable));
        return Complete(draft, template, material);
    }

    /// <summary>A copy; the lease stays its holder's.</summary>
    public static Made CopyOf(HsmObject copy, KeyLease source) => new(copy, source.HasMaterial && source.Material.TryRetain() ? source.Material : null);

    /// <summary>An approval that its making took: whether that is used up is known once the object is kept.</summary>
    public void Await(Approval? approval)
    {
        if (approval is not null)
        {
            _approvals.Add(approval);
        }
    }

    /// <summary>Tells its approvals how its making ended.</summary>
    /// <param name="cause">Of the refusal; null if it was kept.</param>
    public void End(Cause? cause) => _approvals.ForEach(approval => approval.End(cause));

    /// <summary>What makes the object once its handle is known. The terms hold for what is secret: of a pair, for the private half.</summary>
    public ObjectKeeper.Build BuilderFor(UserId owner, SealedKeys sealedKeys, UserRecord[] shares, KeyTerms terms) => handle =>
    {
        HsmObject item = _shape with { Handle = handle, Owner = owner, Version = 0, Sealed = _material is null ? null : sealedKeys.Seal(handle, _material) };
        return _shape.Class is ObjectClass.SecretKey or ObjectClass.PrivateKey
            ? item with { SharedWith = [.. shares.Select(user => user.Id)], ManageQuorum = terms.ManageQuorum, UseQuorum = terms.UseQuorum }
            : item;
    };

    public void Dispose() => _material?.Release();

    private static Outcome<Made> Complete(Draft draft, Template template, KeyMaterial material)
    {
        if (AddKeyAttributes(draft, template, material) is { } refusal)
        {
            material.Dispose();
            return refusal;
        }

        return new Made(Shape(draft), material);
    }

    // What the key itself tells goes into the open attributes; what the template said of the same must agree.
    private static Cause? AddKeyAttributes(Draft draft, Template template, KeyMaterial material)
    {
        var rules = ObjectRules.Of(draft.Class, draft.KeyType)!;
        foreach (RawAttribute told in material.PublicAttributes())
        {
            if (!rules.ContainsKey(told.Type) || told.Type is AttributeType.PublicKeyInfo or AttributeType.ModulusBits)
            {
                continue;
            }

            // A point may be given in two encodings, and a curve by several names; the import has compared them.
            if (told.Type is not (AttributeType.EcPoint or AttributeType.EcParams) && template.TryGet(told.Type, out ReadOnlyMemory<byte> given) && !given.Span.SequenceEqual(told.Value.Span))
            {
                return Causes.AttributeContradictsKey.On(told.Type);
            }

            draft.Values[told.Type] = told.Value;
        }

        return AddCheckValue(draft, template, material.CheckValue());
    }

    // PKCS#11 3.2, 4.6: a certificate is there, or it is said where it is and what keys it is about. Its check value begins its SHA-1.
    private static Cause? AddCertificateAttributes(Draft draft, Template template)
    {
        ReadOnlyMemory<byte> value = template.Values[AttributeType.Value];
        if (IsEmpty(AttributeType.Url) ? value.IsEmpty : IsEmpty(AttributeType.HashOfSubjectPublicKey) || IsEmpty(AttributeType.HashOfIssuerPublicKey))
        {
            return Causes.CertificateNowhere;
        }

        Span<byte> hash = stackalloc byte[DigestAlgorithm.Sha1.Size];
        Digest.Compute(DigestAlgorithm.Sha1, value.Span, hash);
        return AddCheckValue(draft, template, value.IsEmpty ? null : hash[..CheckValueSize].ToArray());

        bool IsEmpty(AttributeType type) => !template.TryGet(type, out ReadOnlyMemory<byte> given) || given.IsEmpty;
    }

    // PKCS#11 3.2, 4.10.2: one that is given must be right; an empty one says that there shall be none.
    private static Cause? AddCheckValue(Draft draft, Template template, byte[]? computed)
    {
        bool isGiven = template.TryGet(AttributeType.CheckValue, out ReadOnlyMemory<byte> given);
        if (isGiven && given.Length > 0 && !given.Span.SequenceEqual(computed))
        {
            return Causes.AttributeContradictsKey.On(AttributeType.CheckValue);
        }

        if (computed is not null && !(isGiven && given.IsEmpty))
        {
            draft.Values[AttributeType.CheckValue] = computed;
        }

        return null;
    }

    private static HsmObject Shape(Draft draft) => new()
    {
        Handle = ObjectHandle.None,
        Class = draft.Class,
        KeyType = draft.KeyType,
        Flags = draft.Flags,
        Owner = UserId.None,
        Attributes = AttributeBlob.Pack(draft.Values),
    };
}
