using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// Everything that makes objects: judges the template by the tables, makes or takes the key, and gives both to the keeper. Keys that take long (RSA generation, the check of an imported RSA key)
/// are made off the caller's thread.
/// </summary>
internal sealed class KeyMaker(KeyRing ring, ObjectKeeper keeper, KeySharing sharing, SealedKeys sealedKeys, Logins logins, ClusterMode mode)
{
    /// <summary>C_CreateObject.</summary>
    public ValueTask<Outcome<ObjectHandle>> CreateAsync(Caller caller, SessionId session, CreationNumber number, RawAttribute[] raw, CancellationToken cancel) =>
        MakeOneAsync(caller, session, number, () => Create(raw), KeyTerms.None, cancel);

    /// <summary>C_GenerateKey.</summary>
    public ValueTask<Outcome<ObjectHandle>> GenerateAsync(Caller caller, SessionId session, CreationNumber number, MechanismCall call, RawAttribute[] raw, KeyTerms terms, CancellationToken cancel) =>
        MakeOneAsync(caller, session, number, () => Generate(call, raw), terms, cancel);

    /// <summary>C_UnwrapKey.</summary>
    public ValueTask<Outcome<ObjectHandle>> UnwrapAsync(
        Caller caller, SessionId session, CreationNumber number, MechanismCall call, ObjectHandle unwrappingKey, ReadOnlyMemory<byte> wrapped, RawAttribute[] raw, KeyTerms terms,
        CancellationToken cancel) => MakeOneAsync(caller, session, number, () => Unwrap(caller, call, unwrappingKey, wrapped, raw), terms, cancel);

    /// <summary>C_DeriveKey.</summary>
    public ValueTask<Outcome<ObjectHandle>> DeriveAsync(
        Caller caller, SessionId session, CreationNumber number, MechanismCall call, ObjectHandle baseKey, RawAttribute[] raw, CancellationToken cancel) =>
        MakeOneAsync(caller, session, number, () => Derive(caller, call, baseKey, raw), KeyTerms.None, cancel);

    /// <summary>C_EncapsulateKey.</summary>
    public async ValueTask<Outcome<Encapsulation>> EncapsulateAsync(
        Caller caller, SessionId session, CreationNumber number, MechanismCall call, ObjectHandle publicKey, RawAttribute[] raw, CancellationToken cancel)
    {
        byte[]? ciphertext = null;
        Outcome<ObjectHandle> made = await MakeOneAsync(caller, session, number, () => Encapsulate(caller, call, publicKey, raw, out ciphertext), KeyTerms.None, cancel).ConfigureAwait(false);
        if (!made.IsOk)
        {
            return made.Cause;
        }

        // A retry is answered as the first try was: its ciphertext must be the same too.
        if (ciphertext is not null)
        {
            caller.Ciphertexts.Add(number, ciphertext);
        }

        return (ciphertext ?? caller.Ciphertexts.Find(number)) is { } known ? new Encapsulation(known, made.Value) : Causes.CiphertextLost;
    }

    /// <summary>C_DecapsulateKey.</summary>
    public ValueTask<Outcome<ObjectHandle>> DecapsulateAsync(
        Caller caller, SessionId session, CreationNumber number, MechanismCall call, ObjectHandle privateKey, ReadOnlyMemory<byte> ciphertext, RawAttribute[] raw, CancellationToken cancel) =>
        MakeOneAsync(caller, session, number, () => Decapsulate(caller, call, privateKey, ciphertext, raw), KeyTerms.None, cancel);

    /// <summary>C_CopyObject.</summary>
    public ValueTask<Outcome<ObjectHandle>> CopyAsync(Caller caller, SessionId session, CreationNumber number, ObjectHandle source, RawAttribute[] raw, CancellationToken cancel) =>
        MakeOneAsync(caller, session, number, () => Copy(caller, source, raw), KeyTerms.None, cancel);

    /// <summary>C_GenerateKeyPair.</summary>
    public async ValueTask<Outcome<KeyPairHandles>> GeneratePairAsync(
        Caller caller, SessionId session, CreationNumber number, MechanismCall call, RawAttribute[] rawPublic, RawAttribute[] rawPrivate, KeyTerms terms, CancellationToken cancel)
    {
        Outcome<RecentCreations.Result> made = await MakeAsync(caller, session, number, () => GeneratePair(call, rawPublic, rawPrivate), terms, cancel).ConfigureAwait(false);
        return made.IsOk ? new KeyPairHandles(made.Value.First, made.Value.Second) : made.Cause;
    }

    private async ValueTask<Outcome<ObjectHandle>> MakeOneAsync(Caller caller, SessionId session, CreationNumber number, Func<Outcome<Made[]>> make, KeyTerms terms, CancellationToken cancel)
    {
        Outcome<RecentCreations.Result> made = await MakeAsync(caller, session, number, make, terms, cancel).ConfigureAwait(false);
        return made.IsOk ? made.Value.First : made.Cause;
    }

    private async ValueTask<Outcome<RecentCreations.Result>> MakeAsync(Caller caller, SessionId session, CreationNumber number, Func<Outcome<Made[]>> make, KeyTerms terms, CancellationToken cancel)
    {
        if (keeper.TryRecall(caller, number, out RecentCreations.Result earlier))
        {
            return earlier;
        }

        Login? login = logins.Current(caller);
        if (Permissions.Check(login, Permission.MakeObjects) is { IsOk: false } refusal)
        {
            return refusal.Cause;
        }

        Outcome<UserRecord[]> shares = sharing.Named(terms.ShareWith, login!.User);
        if (!shares.IsOk)
        {
            return shares.Cause;
        }

        if (!IsPossible(terms.ManageQuorum, shares.Value.Length) || !IsPossible(terms.UseQuorum, shares.Value.Length))
        {
            return Causes.QuorumValue;
        }

        Outcome<Made[]> made = await Task.Run(() => MakeWithinArena(make), cancel).ConfigureAwait(false);
        if (!made.IsOk)
        {
            return made.Cause;
        }

        try
        {
            (bool Token, ObjectKeeper.Build Build)[] parts = [.. made.Value.Select(one => (one.IsToken, one.BuilderFor(login.User, sealedKeys, shares.Value, terms)))];
            Outcome<RecentCreations.Result> kept = shares.Value.Length > 0 && parts.Any(part => !part.Token)
                ? Causes.SessionKeyNotShared
                : await keeper.AddAsync(caller, session, number, parts, shares.Value, cancel).ConfigureAwait(false);
            Array.ForEach(made.Value, one => one.End(kept.Cause));
            return kept;
        }
        finally
        {
            Array.ForEach(made.Value, one => one.Dispose());
        }
    }

    // CloudHSM: 2 to 8, and no more than the users that the key has.
    private static bool IsPossible(int quorum, int shares) => quorum == 0 || (quorum is >= 2 and <= 8 && quorum <= 1 + shares);

    private static Outcome<Made[]> MakeWithinArena(Func<Outcome<Made[]>> make)
    {
        try
        {
            return make();
        }
        catch (SecretArenaFullException)
        {
            return KeyCauses.ArenaFull;
        }
    }

    private Outcome<Made[]> Create(RawAttribute[] raw)
    {
        Outcome<Template> template = Template.Decode(raw);
        if (!template.IsOk)
        {
            return template.Cause;
        }

        Outcome<Draft> draft = Draft.From(template.Value, Origin.Create, null);
        if (!draft.IsOk)
        {
            return draft.Cause;
        }

        if (draft.Value.KeyType is not { } keyType)
        {
            return One(Made.WithoutKey(draft.Value, template.Value));
        }

        Outcome<KeyMaterial> material = KeyImport.FromTemplate(draft.Value.Class, keyType, raw, mode);
        return material.IsOk ? One(Made.Of(draft.Value, template.Value, material.Value)) : material.Cause;
    }

    private Outcome<Made[]> Generate(in MechanismCall call, RawAttribute[] raw)
    {
        if (MechanismCatalog.Find(call.Number) is not { } mechanism || !mechanism.Supports(MechanismFlags.Generate))
        {
            return Causes.MechanismUnknown;
        }

        Outcome<Template> template = Template.Decode(raw);
        if (!template.IsOk)
        {
            return template.Cause;
        }

        if ((mechanism.GeneratesTypeOfTemplate ? template.Value.KeyType : mechanism.GeneratedType) is not { } keyType)
        {
            return Causes.AttributeMissing.On(AttributeType.KeyType);
        }

        Outcome<Draft> draft = Draft.From(template.Value, Origin.Generate, (ObjectClass.SecretKey, keyType));
        if (!draft.IsOk)
        {
            return draft.Cause;
        }

        Outcome<KeyMaterial> material = mechanism.GenerateKey(call, raw, mode);
        return material.IsOk ? One(Made.Generated(draft.Value, template.Value, material.Value, mechanism)) : material.Cause;
    }

    private Outcome<Made[]> GeneratePair(in MechanismCall call, RawAttribute[] rawPublic, RawAttribute[] rawPrivate)
    {
        if (MechanismCatalog.Find(call.Number) is not { GeneratedType: { } keyType } mechanism || !mechanism.Supports(MechanismFlags.GenerateKeyPair))
        {
            return Causes.MechanismUnknown;
        }

        Outcome<Template> publicTemplate = Template.Decode(rawPublic);
        Outcome<Template> privateTemplate = Template.Decode(rawPrivate);
        if (!publicTemplate.IsOk || !privateTemplate.IsOk)
        {
            return (publicTemplate.Cause ?? privateTemplate.Cause)!;
        }

        Outcome<Draft> publicDraft = Draft.From(publicTemplate.Value, Origin.Generate, (ObjectClass.PublicKey, keyType));
        Outcome<Draft> privateDraft = Draft.From(privateTemplate.Value, Origin.Generate, (ObjectClass.PrivateKey, keyType));
        if (!publicDraft.IsOk || !privateDraft.IsOk)
        {
            return (publicDraft.Cause ?? privateDraft.Cause)!;
        }

        Outcome<KeyPair> pair = mechanism.GenerateKeyPair(call, rawPublic, mode);
        if (!pair.IsOk)
        {
            return pair.Cause;
        }

        Outcome<Made> publicKey = Made.Generated(publicDraft.Value, publicTemplate.Value, pair.Value.Public, mechanism);
        Outcome<Made> privateKey = Made.Generated(privateDraft.Value, privateTemplate.Value, pair.Value.Private, mechanism);
        if (publicKey.IsOk && privateKey.IsOk)
        {
            return new[] { publicKey.Value, privateKey.Value };
        }

        foreach (Outcome<Made> half in (Outcome<Made>[])[publicKey, privateKey])
        {
            if (half.IsOk)
            {
                half.Value.Dispose();
            }
        }

        return (publicKey.Cause ?? privateKey.Cause)!;
    }

    private Outcome<Made[]> Unwrap(Caller caller, MechanismCall call, ObjectHandle unwrappingKey, ReadOnlyMemory<byte> wrapped, RawAttribute[] raw)
    {
        if (MechanismCatalog.Find(call.Number, Use.Unwrap) is not { } mechanism)
        {
            return Causes.MechanismUnknown;
        }

        Outcome<KeyLease> lease = ring.Use(unwrappingKey, Use.Unwrap, caller, call.Number);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        return MakeWith(key, () => UnwrapWith(mechanism, call, key, wrapped.Span, raw));
    }

    private Outcome<Made[]> UnwrapWith(Mechanism mechanism, in MechanismCall call, KeyLease key, ReadOnlySpan<byte> wrapped, RawAttribute[] raw)
    {
        Outcome<Template> template = MergedTemplate(raw, AttributeType.UnwrapTemplate, key.Object);
        if (!template.IsOk)
        {
            return template.Cause;
        }

        Outcome<Draft> draft = Draft.From(template.Value, Origin.Unwrap, null);
        if (!draft.IsOk)
        {
            return draft.Cause;
        }

        if (draft.Value.KeyType is not { } keyType)
        {
            return Causes.KindUnknown;
        }

        Outcome<KeyMaterial> material = mechanism.Unwrap(call, key.Material, wrapped, new KeyTarget(draft.Value.Class, keyType, LengthOf(template.Value)), mode);
        return material.IsOk ? One(Made.Of(draft.Value, template.Value, material.Value)) : material.Cause;
    }

    private Outcome<Made[]> Derive(Caller caller, MechanismCall call, ObjectHandle baseKey, RawAttribute[] raw)
    {
        if (MechanismCatalog.Find(call.Number, Use.Derive) is not { } mechanism)
        {
            return Causes.MechanismUnknown;
        }

        Outcome<KeyLease> lease = ring.Use(baseKey, Use.Derive, caller, call.Number);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        return MakeWith(key, () => mechanism.OtherKeyOf(call) is { } other ? DeriveWithOther(caller, mechanism, call, key, other, raw) : DeriveWith(mechanism, call, key, null, raw));
    }

    // The other key is given out for the same use as the base key, and its template binds what comes of it, too: whoever knows the base key would else have the other key's HMAC in a key that may leave.
    private Outcome<Made[]> DeriveWithOther(Caller caller, Mechanism mechanism, MechanismCall call, KeyLease key, ObjectHandle handle, RawAttribute[] raw)
    {
        Outcome<KeyLease> lease = ring.Use(handle, Use.Derive, caller, call.Number);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease other = lease.Value;
        return MakeWith(other, () => DeriveWith(mechanism, call with { OtherKey = other.Material }, key, other.Object, raw));
    }

    private Outcome<Made[]> DeriveWith(Mechanism mechanism, in MechanismCall call, KeyLease key, HsmObject? other, RawAttribute[] raw)
    {
        Outcome<Template> template = MergedTemplate(raw, AttributeType.DeriveTemplate, key.Object, other);
        if (!template.IsOk)
        {
            return template.Cause;
        }

        // A template that names no kind gets a generic secret.
        Outcome<Draft> draft = Draft.From(template.Value, Origin.Derive, (ObjectClass.SecretKey, template.Value.KeyType ?? KeyType.GenericSecret));
        if (!draft.IsOk)
        {
            return draft.Cause;
        }

        Outcome<KeyMaterial> material = mechanism.Derive(call, key.Material, new KeyTarget(draft.Value.Class, draft.Value.KeyType!.Value, LengthOf(template.Value)), mode);
        return material.IsOk ? One(Made.Derived(draft.Value, template.Value, material.Value, key.Object)) : material.Cause;
    }

    private Outcome<Made[]> Encapsulate(Caller caller, MechanismCall call, ObjectHandle publicKey, RawAttribute[] raw, out byte[]? ciphertext)
    {
        ciphertext = null;
        if (MechanismCatalog.Find(call.Number, Use.Encapsulate) is not { } mechanism)
        {
            return Causes.MechanismUnknown;
        }

        Outcome<KeyLease> lease = ring.Use(publicKey, Use.Encapsulate, caller, call.Number);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        byte[]? with = null;
        Outcome<Made[]> made = MakeWith(key, () => EncapsulateWith(mechanism, call, key, raw, out with));
        ciphertext = with;
        return made;
    }

    private Outcome<Made[]> EncapsulateWith(Mechanism mechanism, in MechanismCall call, KeyLease key, RawAttribute[] raw, out byte[]? ciphertext)
    {
        ciphertext = null;
        Outcome<(Template Template, Draft Draft)> shared = DraftShared(raw, key.Object, AttributeType.EncapsulateTemplate);
        if (!shared.IsOk)
        {
            return shared.Cause;
        }

        Outcome<KeyMaterial> material = mechanism.Encapsulate(call, key.Material, TargetOf(shared.Value.Template, shared.Value.Draft), mode, out byte[] made);
        ciphertext = material.IsOk ? made : null;
        return material.IsOk ? One(Made.Of(shared.Value.Draft, shared.Value.Template, material.Value)) : material.Cause;
    }

    private Outcome<Made[]> Decapsulate(Caller caller, MechanismCall call, ObjectHandle privateKey, ReadOnlyMemory<byte> ciphertext, RawAttribute[] raw)
    {
        if (MechanismCatalog.Find(call.Number, Use.Decapsulate) is not { } mechanism)
        {
            return Causes.MechanismUnknown;
        }

        Outcome<KeyLease> lease = ring.Use(privateKey, Use.Decapsulate, caller, call.Number);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        return MakeWith(key, () => DecapsulateWith(mechanism, call, key, ciphertext.Span, raw));
    }

    private Outcome<Made[]> DecapsulateWith(Mechanism mechanism, in MechanismCall call, KeyLease key, ReadOnlySpan<byte> ciphertext, RawAttribute[] raw)
    {
        Outcome<(Template Template, Draft Draft)> shared = DraftShared(raw, key.Object, AttributeType.DecapsulateTemplate);
        if (!shared.IsOk)
        {
            return shared.Cause;
        }

        Outcome<KeyMaterial> material = mechanism.Decapsulate(call, key.Material, ciphertext, TargetOf(shared.Value.Template, shared.Value.Draft), mode);
        return material.IsOk ? One(Made.Of(shared.Value.Draft, shared.Value.Template, material.Value)) : material.Cause;
    }

    // A shared secret's template; one that names no kind gets a generic secret.
    private static Outcome<(Template Template, Draft Draft)> DraftShared(RawAttribute[] raw, HsmObject key, AttributeType asking)
    {
        Outcome<Template> template = MergedTemplate(raw, asking, key);
        if (!template.IsOk)
        {
            return template.Cause;
        }

        Outcome<Draft> draft = Draft.From(template.Value, Origin.Derive, (ObjectClass.SecretKey, template.Value.KeyType ?? KeyType.GenericSecret));
        return draft.IsOk ? (template.Value, draft.Value) : draft.Cause;
    }

    private static KeyTarget TargetOf(Template template, Draft draft) => new(draft.Class, draft.KeyType!.Value, LengthOf(template));

    // What the unwrapping or base key, or another one beside it, asks of every key that comes of it.
    private static Outcome<Template> MergedTemplate(RawAttribute[] raw, AttributeType asking, params ReadOnlySpan<HsmObject?> keys)
    {
        Outcome<Template> template = Template.Decode(raw);
        foreach (HsmObject? key in keys)
        {
            template = template.IsOk && key is not null && key.Attributes.TryGet(asking, out ReadOnlyMemory<byte> asked) ? template.Value.MergedWith(asked.Span) : template;
        }

        return template;
    }

    private static int? LengthOf(Template template) =>
        template.TryGet(AttributeType.ValueLen, out ReadOnlyMemory<byte> length) && length.Length == sizeof(ulong) ? (int)Math.Min(BitConverter.ToUInt64(length.Span), int.MaxValue) : null;

    private Outcome<Made[]> Copy(Caller caller, ObjectHandle source, RawAttribute[] raw)
    {
        Outcome<Template> template = Template.Decode(raw);
        if (!template.IsOk)
        {
            return template.Cause;
        }

        Outcome<KeyLease> lease = ring.Copy(source, caller);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        Outcome<HsmObject> copy = Alteration.Copy(key.Object, template.Value);
        return copy.IsOk ? new[] { Made.CopyOf(copy.Value, key) } : copy.Cause;
    }

    // What was refused gives the approval of the key it was to come of back at once; what was made, when it can't be kept.
    private static Outcome<Made[]> MakeWith(KeyLease key, Func<Outcome<Made[]>> make)
    {
        Outcome<Made[]> made = MakeWithinArena(make);
        if (made.IsOk)
        {
            made.Value[0].Await(key.Approval);
        }
        else
        {
            key.End(made.Cause);
        }

        return made;
    }

    private static Outcome<Made[]> One(Outcome<Made> made) => made.IsOk ? new[] { made.Value } : made.Cause;
}
