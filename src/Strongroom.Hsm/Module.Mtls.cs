using Strongroom.Audit;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Mtls;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm;

// Which clients may connect: those that show a certificate under a trust anchor of the cluster, once it enforces that. The listener checks certificates and drops connections.
public sealed partial class Module
{
    /// <summary>Bytes of an anchor's certificates.</summary>
    public const int MaxTrustAnchorLength = MtlsKeeper.MaxLength;

    /// <summary>Raised after every change of the anchors or of their enforcement, whichever HSM made it; the handler must not wait.</summary>
    public event Action? MtlsChanged
    {
        add => _state.MtlsChanged += value;
        remove => _state.MtlsChanged -= value;
    }

    /// <summary>The anchors for clients, by reference; anyone may know.</summary>
    public IReadOnlyList<TrustAnchor> TrustAnchors => [.. _state.Anchors.Values.OrderBy(anchor => anchor.Reference)];

    /// <summary>Whether there is any.</summary>
    public bool HasTrustAnchors => !_state.Anchors.IsEmpty;

    /// <summary>Whether clients must show a certificate.</summary>
    public bool IsMtlsEnforced => _state.IsMtlsEnforced;

    /// <summary>The same for clients, who must be logged in.</summary>
    public Outcome<bool> GetMtlsEnforcement(Caller caller)
    {
        Outcome permitted = Permissions.Check(_parts.Logins.Current(caller), Permission.ReadMtlsEnforcement);
        return permitted.IsOk ? _state.IsMtlsEnforced : permitted.Cause;
    }

    /// <summary>Registers an anchor.</summary>
    /// <param name="read">Reads and checks its certificates, which is done for nobody who may not register them. PEM: issuing CA first, root last.</param>
    public async ValueTask<Outcome<TrustAnchor>> RegisterTrustAnchorAsync(Caller caller, Func<Outcome<string>> read, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome permitted = _parts.Gate.Admit(caller, Permission.ChangeTrustAnchors, out Approval? approval);
        Outcome<string> certificates = permitted.IsOk ? read() : permitted.Cause;
        Outcome<TrustAnchor> done = certificates.IsOk ? await _parts.Mtls.RegisterAsync(certificates.Value, cancel).ConfigureAwait(false) : certificates.Cause;
        approval?.End(done.Cause);
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.RegisterTrustAnchor, Subject = who, Detail = done.IsOk ? $"anchor {done.Value.Reference}" : null, Result = done.Rv });
        return done;
    }

    /// <summary>Removes an anchor. Connections that came in under it end.</summary>
    public async ValueTask<Outcome> DeregisterTrustAnchorAsync(Caller caller, int reference, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome permitted = _parts.Gate.Admit(caller, Permission.ChangeTrustAnchors, out Approval? approval);
        Outcome done = permitted.IsOk ? await _parts.Mtls.DeregisterAsync(reference, cancel).ConfigureAwait(false) : permitted;
        approval?.End(done.Cause);
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.DeregisterTrustAnchor, Subject = who, Detail = done.IsOk ? $"anchor {reference}" : null, Result = done.Rv });
        return done;
    }

    /// <summary>Sets whether clients must show a certificate; connections without one then end. As in CloudHSM by the user "admin" alone, over a connection that has shown one.</summary>
    /// <param name="isEnforced">They must.</param>
    /// <param name="shown">The anchor under which the caller's connection came in; null if it showed no certificate.</param>
    public async ValueTask<Outcome> SetMtlsEnforcementAsync(Caller caller, bool isEnforced, TrustAnchor? shown, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome done = await SetAsync().ConfigureAwait(false);
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.SetMtlsEnforcement, Subject = who, Detail = done.IsOk ? isEnforced ? "cluster" : "none" : null, Result = done.Rv });
        return done;

        async ValueTask<Outcome> SetAsync()
        {
            Login? login = _parts.Logins.Current(caller);
            Outcome permitted = Permissions.CheckRole(login, Permission.SetMtlsEnforcement) is { IsOk: false } refusal ? refusal
                : login!.Name != ClusterBirth.AdminName ? Causes.MtlsByAdminOnly
                : shown is null ? Causes.MtlsOverMtlsOnly
                : Outcome.Ok;
            Approval? approval = null;
            permitted = permitted.IsOk ? _parts.Gate.Admit(caller, Permission.SetMtlsEnforcement, out approval) : permitted;
            Outcome set = permitted.IsOk ? await _parts.Mtls.EnforceAsync(isEnforced, shown!, cancel).ConfigureAwait(false) : permitted;
            approval?.End(set.Cause);
            return set;
        }
    }
}
