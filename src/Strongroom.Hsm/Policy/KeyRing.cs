using System.Diagnostics.CodeAnalysis;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Policy;

/// <summary>
/// The one place that gives out keys and objects. Whoever wants to use, take out, read, change or destroy one asks here and is refused unless every check says yes.
/// The table that these checks must reproduce is written by hand in the tests.
/// </summary>
internal sealed class KeyRing(TokenObjects tokenObjects, Logins logins, QuorumGate gate, SealedKeys sealedKeys, LiveKeys live)
{
    // Made once: a delegate a use would be an allocation a use.
    private readonly Func<HsmObject, KeyMaterial> _open = sealedKeys.Open;

    /// <summary>A key for one use with one mechanism.</summary>
    /// <param name="handle">Which key.</param>
    /// <param name="use">What for.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="mechanism">The mechanism's number; null for digesting a key's value.</param>
    /// <param name="judgeOnly">The operation does not start yet, so a context-specific login is not asked for.</param>
    public Outcome<KeyLease> Use(ObjectHandle handle, Use use, Caller caller, ulong? mechanism, bool judgeOnly = false)
    {
        if (UseRules.Of(use) is not { } rule)
        {
            return Causes.UseUnknown;
        }

        Login? login = logins.Current(caller);
        if (Permissions.Check(login, Permission.UseKeys) is { IsOk: false } refusal)
        {
            return refusal.Cause;
        }

        if (!TryFind(caller, handle, out HsmObject? item) || Standings.Of(login, item) is not (var standing and > Standing.Admin))
        {
            return rule.Unknown;
        }

        if (Judge(item, standing, rule, mechanism) is { } cause)
        {
            return cause;
        }

        if (gate.Pass(caller, login, rule.Service, item, judgeOnly, out Approval? approval) is { IsOk: false } unapproved)
        {
            return unapproved.Cause;
        }

        if (!judgeOnly && item.Has(ObjectFlags.AlwaysAuthenticate) && !caller.TakeContextLogin())
        {
            approval?.End(Causes.NeedsContextLogin);
            return Causes.NeedsContextLogin;
        }

        return Lease(item, caller, approval);
    }

    /// <summary>A key, to leave under a wrapping key that was given out for this.</summary>
    public Outcome<KeyLease> Export(ObjectHandle handle, HsmObject wrapping, Caller caller)
    {
        Login? login = logins.Current(caller);
        if (Permissions.Check(login, Permission.UseKeys) is { IsOk: false } refusal)
        {
            return refusal.Cause;
        }

        if (!TryFind(caller, handle, out HsmObject? item) || Standings.Of(login, item) is not (var standing and > Standing.Admin))
        {
            return Causes.KeyUnknown;
        }

        Approval? approval = null;
        return (item, standing) switch
        {
            ({ IsKey: false }, _) => Causes.NotAKey,
            ({ Class: ObjectClass.PublicKey }, _) => Causes.PublicNotWrapped,
            (_, not Standing.Owner) => Causes.OwnerOnlyUse,
            _ when !item.Has(ObjectFlags.Extractable) => Causes.Unextractable,
            _ when item.Has(ObjectFlags.WrapWithTrusted) && !wrapping.Has(ObjectFlags.Trusted) => Causes.WrapsUnderTrustedOnly,
            _ when wrapping.Attributes.TryGet(AttributeType.WrapTemplate, out ReadOnlyMemory<byte> wanted) && !OpenAttributes.Match(item, AttributeBlob.Read(wanted.Span)) =>
                Causes.WrapTemplateRefuses,
            _ when gate.Pass(caller, login, QuorumService.KeyManagement, item, judgeOnly: false, out approval) is { IsOk: false } unapproved => unapproved.Cause,
            _ => Lease(item, caller, approval),
        };
    }

    /// <summary>An object, to be copied.</summary>
    public Outcome<KeyLease> Copy(ObjectHandle handle, Caller caller)
    {
        Outcome<HsmObject> item = Own(handle, caller, Permission.MakeObjects);
        if (!item.IsOk)
        {
            return item.Cause;
        }

        return !item.Value.Has(ObjectFlags.Copyable) ? Causes.NotCopyable : item.Value.TakesApprovals ? Causes.QuorumKeyNotCopied : item.Value.IsKey ? Lease(item.Value, caller, null) : new KeyLease(item.Value, null, null);
    }

    /// <summary>A key whose secret components its attributes let the caller read: neither sensitive nor unextractable.</summary>
    public Outcome<KeyLease> Reveal(HsmObject item, Caller caller)
    {
        bool readable = logins.Current(caller) is { } login && Standings.Of(login, item) == Standing.Owner && !item.Has(ObjectFlags.Sensitive) && item.Has(ObjectFlags.Extractable)
            && !item.TakesApprovals;
        return readable ? Lease(item, caller, null) : Causes.Secret;
    }

    /// <summary>The public half of a key that the caller sees, which may have to be computed from the key.</summary>
    public Outcome<ReadOnlyMemory<byte>> PublicHalf(HsmObject item, Caller caller, AttributeType type)
    {
        Outcome<KeyLease> lease = Lease(item, caller, null);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        foreach (RawAttribute attribute in key.Material.PublicAttributes())
        {
            if (attribute.Type == type)
            {
                return attribute.Value;
            }
        }

        return Causes.AttributeUnknown.On(type);
    }

    /// <summary>An object whose open attributes the caller may read, and how the caller stands to it.</summary>
    public Outcome<(HsmObject Object, Standing Standing)> See(ObjectHandle handle, Caller caller)
    {
        Login? login = logins.Current(caller);
        if (!TryFind(caller, handle, out HsmObject? item))
        {
            return Causes.ObjectUnknown;
        }

        Standing standing = Standings.Of(login, item);
        Permission permission = standing == Standing.Admin ? Permission.ListAllObjects : Permission.SeeObjects;
        return standing == Standing.None || !Permissions.Check(login, permission).IsOk ? Causes.ObjectUnknown : (item, standing);
    }

    /// <summary>An object that the caller owns, to change, copy or destroy it.</summary>
    public Outcome<HsmObject> Own(ObjectHandle handle, Caller caller, Permission permission)
    {
        Login? login = logins.Current(caller);
        if (Permissions.Check(login, permission) is { IsOk: false } refusal)
        {
            return refusal.Cause;
        }

        if (!TryFind(caller, handle, out HsmObject? item) || Standings.Of(login, item) is not (var standing and not Standing.None))
        {
            return Causes.ObjectUnknown;
        }

        return standing == Standing.Owner ? item : Causes.NotOwner;
    }

    /// <summary>A key of the caller's own, to be shared or no longer shared.</summary>
    public Outcome<HsmObject> Share(ObjectHandle handle, Caller caller)
    {
        Outcome<HsmObject> item = Own(handle, caller, Permission.ShareKeys);
        return !item.IsOk ? item : !item.Value.IsKey ? Causes.NotAKey : handle.IsSession ? Causes.SessionKeyNotShared : item;
    }

    /// <summary>Whether a change to a key, judged permitted, has the approvals that the key takes; they are then taken.</summary>
    public Outcome Manage(HsmObject item, Caller caller, out Approval? approval) => gate.Pass(caller, logins.Current(caller), QuorumService.KeyManagement, item, judgeOnly: false, out approval);

    /// <summary>A key for which the caller may ask for approvals: its owner, or somebody whom it is shared with.</summary>
    public Outcome<HsmObject> Approvable(ObjectHandle handle, Caller caller)
    {
        if (Permissions.Check(logins.Current(caller), Permission.GenerateKeyTokens) is { IsOk: false } refusal)
        {
            return refusal.Cause;
        }

        Outcome<(HsmObject Object, Standing Standing)> seen = See(handle, caller);
        return !seen.IsOk ? seen.Cause : seen.Value.Standing < Standing.Shared ? Causes.KeyUnknown : seen.Value.Object;
    }

    /// <summary>A key whose owner, shares and quorum values the caller may know.</summary>
    public Outcome<HsmObject> Describe(ObjectHandle handle, Caller caller)
    {
        if (Permissions.Check(logins.Current(caller), Permission.SeeKeyInfo) is { IsOk: false } refusal)
        {
            return refusal.Cause;
        }

        Outcome<(HsmObject Object, Standing Standing)> seen = See(handle, caller);
        return !seen.IsOk ? seen.Cause : seen.Value.Object.IsKey ? seen.Value.Object : Causes.NotAKey;
    }

    /// <summary>Whether a use that was begun may go on: the key is still there and still the caller's to use so.</summary>
    public Outcome GoOn(ObjectHandle handle, Use use, Caller caller, ulong mechanism)
    {
        if (UseRules.Of(use) is not { } rule)
        {
            return Causes.UseUnknown;
        }

        return !TryFind(caller, handle, out HsmObject? item) || Standings.Of(logins.Current(caller), item) is not (var standing and > Standing.Admin) ? rule.Unknown
            : Judge(item, standing, rule, mechanism) is { } cause ? cause
            : Outcome.Ok;
    }

    /// <summary>An object that an admin may trust.</summary>
    public Outcome<HsmObject> Trust(ObjectHandle handle, Caller caller)
    {
        if (Permissions.Check(logins.Current(caller), Permission.SetTrusted) is { IsOk: false } refusal)
        {
            return refusal.Cause;
        }

        return tokenObjects.TryGet(handle, out HsmObject? item) ? item : Causes.ObjectUnknown;
    }

    private static Cause? Judge(HsmObject item, Standing standing, UseRule rule, ulong? mechanism)
    {
        if (!item.IsKey)
        {
            return Causes.NotAKey;
        }

        if (standing < rule.Least)
        {
            return Causes.OwnerOnlyUse;
        }

        if (!item.Has(rule.Flag))
        {
            return Causes.KeyMayNot;
        }

        if (mechanism is null)
        {
            return item.Class == ObjectClass.SecretKey ? null : Causes.KeyNotDigestible;
        }

        return item.Allows(mechanism.Value) ? null : Causes.KeyNotForMechanism;
    }

    private bool TryFind(Caller caller, ObjectHandle handle, [NotNullWhen(true)] out HsmObject? item) =>
        handle.IsSession ? caller.Objects.TryGet(handle, out item) : tokenObjects.TryGet(handle, out item);

    private Outcome<KeyLease> Lease(HsmObject item, Caller caller, Approval? approval)
    {
        KeyLease lease;
        try
        {
            lease = new KeyLease(item, live.Retain(item, _open), approval);
        }
        catch (SecretArenaFullException)
        {
            approval?.End(KeyCauses.ArenaFull);
            return KeyCauses.ArenaFull;
        }

        // Destroyed while it was being opened: nothing of it may stay in the cache.
        if (!TryFind(caller, item.Handle, out _))
        {
            lease.Dispose();
            live.Forget(item.Handle);
            return Causes.KeyUnknown;
        }

        return lease;
    }
}
