using Strongroom.Audit;
using Strongroom.Audit.Following;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;
using Strongroom.Store;

namespace Strongroom.Hsm;

// What the module says to its audit log about everything but the uses of keys, which say it themselves (Operations/KeyOperations.cs).
public sealed partial class Module
{
    /// <summary>Before any reply leaves: what it tells of is in the kernel, and on the disk if it is more than the use of a key. Completes at once in most cases.</summary>
    /// <param name="caller">The instance whose reply it is; null if the replies tell of uses of keys alone, or no instance is attached yet.</param>
    /// <exception cref="AuditFailedException">The log can't be written: the connection must end without the reply.</exception>
    public ValueTask SettleAuditAsync(Caller? caller) => _journal.SettleAsync(caller);

    /// <summary>Grows with each event of an instance that must be on the disk before the reply that tells of it leaves.</summary>
    public static long AuditMark(Caller caller) => caller.MustBeDurable;

    /// <summary>Records something that came over the HSM's own control socket; completes when it is durable.</summary>
    /// <param name="operation">What was done.</param>
    /// <param name="detail">What else there is to say; never anything secret.</param>
    public ValueTask RecordAsync(AuditOperation operation, string? detail) => _journal.RecordAsync(operation, detail);

    /// <summary>What there is to read of this HSM's audit log; by an admin. The reading is itself recorded, once for each listing.</summary>
    /// <param name="after">0, or the last segment of the page before.</param>
    public async ValueTask<Outcome<AuditListing>> ListAuditAsync(Caller caller, uint after, CancellationToken cancel)
    {
        Outcome permitted = MayReadAudit(caller);
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.AuditRead, Subject = caller.Subject, Result = permitted.Rv });
        return permitted.IsOk ? await _log!.ListAsync(after, cancel).ConfigureAwait(false) : permitted.Cause;
    }

    /// <summary>Bytes of a segment of the audit log; by an admin.</summary>
    /// <param name="segment">Its number.</param>
    /// <param name="compressed">In which form.</param>
    /// <param name="offset">Bytes from its start.</param>
    public Outcome<AuditPart> ReadAudit(Caller caller, uint segment, bool compressed, long offset)
    {
        Outcome permitted = MayReadAudit(caller);
        return !permitted.IsOk ? permitted.Cause : _log!.Read(segment, compressed, offset) is { } part ? part : Causes.AuditSegmentGone;
    }

    /// <summary>The same for the HSM itself, which forwards its log: the plain form of a segment.</summary>
    public AuditPart? ReadOwnAudit(uint segment, long offset) => _log?.Read(segment, compressed: false, offset);

    /// <summary>The number of the log's last event.</summary>
    public ulong LastAuditEvent => _log?.LastSequence ?? 0;

    private Outcome MayReadAudit(Caller caller) => _log is null ? Causes.AuditNone : Permissions.Check(_parts.Logins.Current(caller), Permission.ReadAudit);

    private static async Task<AuditLog?> OpenLogAsync(ModuleOptions options, ClusterState state, SealedStore store) => options.Audit is { } audit
        ? await AuditLog.OpenAsync(audit.Options, audit.Signer, new ClusterHeadKeeper(state, store.Committer, options.Hsm)).ConfigureAwait(false)
        : null;

    // One event for each key that the new one comes of.
    private async ValueTask<Outcome<ObjectHandle>> MakeAsync(
        Caller caller, SessionId session, AuditOperation operation, ulong? mechanism, ObjectHandle from, Func<ValueTask<Outcome<ObjectHandle>>> work, ObjectHandle? other = null)
    {
        AuditSubject who = caller.Subject;
        Outcome<ObjectHandle> made = await InSession(caller, session, work).ConfigureAwait(false);
        Note(from);
        if (other is { } beside)
        {
            Note(beside);
        }

        return made;

        void Note(ObjectHandle source) => _journal.Management(caller, new AuditEvent
        {
            Operation = operation,
            Subject = who,
            Session = session,
            Mechanism = mechanism,
            Key = made.IsOk ? made.Value : ObjectHandle.None,
            SecondKey = source,
            Result = made.Rv,
        });
    }

    private Outcome Resume(Caller caller, ReadOnlySpan<byte> ticket)
    {
        Outcome shown = _parts.Gatekeeper.Show(caller, ticket);
        _journal.Session(caller.Subject, AuditOperation.ResumeLogin, default, shown.Rv);
        return shown;
    }

    private Outcome NoteUser(Caller caller, AuditSubject who, AuditOperation operation, string? user, Role role, Outcome done)
    {
        _journal.Management(caller, new AuditEvent { Operation = operation, Subject = who, TargetUser = user, TargetRole = user is null ? Role.None : role, Result = done.Rv });
        return done;
    }

    private void NoteLogin(Caller caller, LoginType type, ReadOnlyMemory<byte> pin, Rv result)
    {
        Interlocked.Increment(ref result == Rv.Ok ? ref _loginsDone : ref _loginsRefused);
        Role role = type == LoginType.SecurityOfficer ? Role.Admin : Role.CryptoUser;
        Outcome<(string Name, ReadOnlyMemory<byte> Password)> split = UserNames.SplitPin(pin);
        string? user = type == LoginType.ContextSpecific || !split.IsOk ? null : KnownUser(split.Value.Name, role);
        _journal.Management(caller, new AuditEvent
        {
            Operation = AuditOperation.Login,
            Subject = caller.Subject,
            TargetUser = user,
            TargetRole = user is null ? Role.None : role,
            Result = result,
        });
    }

    // What was typed as a name and is none may be a password: it stays out of the log.
    private string? KnownUser(string name, Role role)
    {
        Outcome<string> normal = UserNames.Normalize(name);
        return normal.IsOk ? _state.Users.Find(role, normal.Value)?.Name : null;
    }
}
