using Strongroom.Audit;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm;

// What the HSM vouches for with keys that its host's process holds: statements about keys, and the cluster's own certificate.
public sealed partial class Module
{
    /// <summary>What there is to say of a key that the caller sees, as JSON, to be signed.</summary>
    /// <param name="session">In which session.</param>
    /// <param name="handle">Which key.</param>
    /// <param name="nonce">The asker's; may be empty.</param>
    /// <param name="version">Of the software.</param>
    public Outcome<byte[]> StateKey(Caller caller, SessionId session, ObjectHandle handle, ReadOnlySpan<byte> nonce, string version)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        Outcome<byte[]> statement = known.IsOk
            ? _parts.Statements.Write(caller, handle, new KeyStatements.Setting(_options.Cluster, _options.Hsm, Mode, _options.FipsProvider, version, _options.Clock.GetUtcNow()), nonce)
            : known.Cause;
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.AttestKey, Subject = caller.Subject, Session = session, Key = handle, Result = statement.Rv });
        return statement;
    }

    /// <summary>Whether the caller may ask for the cluster's certificate to be changed: admins may.</summary>
    public Outcome MayRenewCertificate(Caller caller) => Permissions.Check(_parts.Logins.Current(caller), Permission.RenewCertificate);

    /// <summary>Puts another certificate of the cluster in place; by an admin.</summary>
    /// <param name="renew">Does it, or says why not.</param>
    public Outcome RenewCertificate(Caller caller, Func<Outcome> renew)
    {
        Outcome permitted = MayRenewCertificate(caller);
        Outcome done = permitted.IsOk ? renew() : permitted;
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.RenewCertificate, Subject = caller.Subject, Result = done.Rv });
        return done;
    }

    /// <summary>Whether the audit log has no room, and whether it can't be written.</summary>
    public (bool IsFull, bool IsFailing) AuditTrouble => _log?.ReadStatus() is { } status ? (status.IsFull, status.Failure is not null) : (false, false);
}
