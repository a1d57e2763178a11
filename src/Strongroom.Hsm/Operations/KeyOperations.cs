using System.Buffers;
using System.Diagnostics;
using Strongroom.Audit;
using Strongroom.Crypto;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Operations;

/// <summary>Uses of keys, whole and in parts, and wrapping: a key from the authorisation point, its mechanism, one count and one record of the outcome.</summary>
internal sealed class KeyOperations(KeyRing ring, Logins logins, OracleGuard guard, OperationCounters counters, Journal journal, ClusterMode mode)
{
    private const string InParts = "in parts";

    /// <summary>Judges an operation before it starts. Only a refusal is recorded: nothing was used yet, and after a refusal nothing will be.</summary>
    public Outcome<Verdict> Prepare(Caller caller, SessionId session, Use use, in MechanismCall call, ObjectHandle handle)
    {
        AuditSubject who = caller.Subject;
        Outcome<Verdict> judged = Judge(caller, use, call, handle);
        if (!judged.IsOk)
        {
            journal.UseWithDigest(who, session, use, call.Number, handle, judged.Rv, default);
        }

        return judged;
    }

    private Outcome<Verdict> Judge(Caller caller, Use use, in MechanismCall call, ObjectHandle handle)
    {
        if (MechanismCatalog.Find(call.Number, use) is not { } mechanism)
        {
            return Causes.MechanismUnknown;
        }

        Outcome admitted = guard.Admit(mechanism, use, caller.Subject.User);
        if (!admitted.IsOk)
        {
            return admitted.Cause;
        }

        Outcome<KeyLease> lease = Take(caller, use, call.Number, handle, judgeOnly: true);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        Outcome<OutputLength> length = mechanism.Check(use, call, key.HasMaterial ? key.Material : null, mode);
        if (!length.IsOk)
        {
            return length.Cause;
        }

        // A key that asks for a login, or for approvals, before each use is judged each time.
        bool cacheable = !key.HasMaterial || (!key.Object.Has(ObjectFlags.AlwaysAuthenticate) && !key.Object.TakesApprovals);
        return new Verdict(length.Value, mechanism.Multipart, mechanism.Resends(use), cacheable, key.HasMaterial ? key.Object.Version : 0);
    }

    /// <summary>A whole operation.</summary>
    public Outcome<DrawnIv> Perform(
        Caller caller, Session session, Use use, in MechanismCall call, ObjectHandle handle, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        long began = Stopwatch.GetTimestamp();
        AuditSubject who = caller.Subject;
        Mechanism? mechanism = MechanismCatalog.Find(call.Number, use);
        Outcome<DrawnIv> done = journal.Refusal() is { } full ? full
            : mechanism is null ? Causes.MechanismUnknown
            : session.IsOpen(use) ? Causes.OperationOpen
            : PerformWith(mechanism, caller, use, call, handle, data, signature, output);
        counters.Count(use, mechanism, who.User, done.Rv, began);
        if (done.Cause != Causes.AuditFull)
        {
            journal.Use(who, session.Id, use, call.Number, handle, done.Rv, data);
        }

        return done;
    }

    /// <summary>
    /// Starts an operation in parts. It is counted when it ends. A cipher gives out bytes from its first part on, so it is recorded here, and once more if it is refused later; anything else is recorded when it has a result.
    /// </summary>
    public Outcome<DrawnIv> Begin(Caller caller, Session session, Use use, in MechanismCall call, ObjectHandle handle)
    {
        if (journal.Refusal() is { } full)
        {
            return full;
        }

        AuditSubject who = caller.Subject;
        Outcome<DrawnIv> begun = Open(caller, session, use, call, handle);
        if (!begun.IsOk || IsCipher(use))
        {
            journal.UseWithDigest(who, session.Id, use, call.Number, handle, begun.Rv, default, begun.IsOk ? InParts : null);
        }

        return begun;
    }

    private Outcome<DrawnIv> Open(Caller caller, Session session, Use use, in MechanismCall call, ObjectHandle handle)
    {
        if (MechanismCatalog.Find(call.Number, use) is not { } mechanism)
        {
            return Causes.MechanismUnknown;
        }

        if (session.IsOpen(use))
        {
            return Causes.OperationOpen;
        }

        Outcome<KeyLease> lease = Take(caller, use, call.Number, handle, judgeOnly: false);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        Outcome<Operation> begun = mechanism.Begin(use, call, key.HasMaterial ? key.Material : null, mode);
        if (!begun.IsOk)
        {
            key.End(begun.Cause);
            return begun.Cause;
        }

        DrawnIv iv = begun.Value.DrawnIv;
        DigestStream? data = journal.IsKept && Journal.IsSigned(use) ? new DigestStream(DigestAlgorithm.Sha256) : null;
        Outcome opened = session.Open(new OpenOperation(use, mechanism, begun.Value, logins.Current(caller), handle, data));
        return opened.IsOk ? iv : opened.Cause;
    }

    /// <summary>One part; with a handle, the value of that key (C_DigestKey).</summary>
    public Outcome Update(Caller caller, Session session, Use use, ReadOnlySpan<byte> data, ObjectHandle handle, IBufferWriter<byte> output) =>
        session.Work(use, last: false, new Part(caller, session.Id, data, default, handle, output), (operation, part) => NoteRefusal(operation, part, part.Caller.Subject, Update(operation, part)));

    /// <summary>Ends an operation in parts, or its first pass.</summary>
    /// <returns>Whether all input must be sent again.</returns>
    public Outcome<bool> Finish(Caller caller, Session session, Use use, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        bool goesOn = false;
        Outcome ended = session.Work(use, last: true, new Part(caller, session.Id, default, signature, default, output), (operation, part) =>
        {
            AuditSubject who = part.Caller.Subject;
            Outcome done = MayGoOn(operation, part.Caller);
            done = done.IsOk ? operation.Work.Finish(part.Signature, part.Output) : done;
            goesOn = done.IsOk && operation.Work.GoesOn;
            if (goesOn)
            {
                return done;
            }

            counters.Count(operation.Use, operation.Mechanism, who.User, done.Rv);
            if (!done.IsOk || !IsCipher(operation.Use))
            {
                NoteEnd(operation, part.Session, who, done.Rv);
            }

            return done;
        });
        return ended.IsOk ? goesOn : ended.Cause;
    }

    /// <summary>C_WrapKey.</summary>
    public Outcome<WrappedKey> Wrap(Caller caller, SessionId session, in MechanismCall call, ObjectHandle wrappingKey, ObjectHandle handle)
    {
        if (journal.Refusal() is { } full)
        {
            return full;
        }

        long began = Stopwatch.GetTimestamp();
        AuditSubject who = caller.Subject;
        Mechanism? mechanism = MechanismCatalog.Find(call.Number, Use.Wrap);
        Outcome<WrappedKey> done = mechanism is null ? Causes.MechanismUnknown : WrapWith(mechanism, caller, call, wrappingKey, handle);
        counters.Count(Use.Wrap, mechanism, who.User, done.Rv, began);
        journal.Management(caller, new AuditEvent { Operation = AuditOperation.WrapKey, Subject = who, Session = session, Mechanism = call.Number, Key = wrappingKey, SecondKey = handle, Result = done.Rv });
        return done;
    }

    private Outcome<DrawnIv> PerformWith(
        Mechanism mechanism, Caller caller, Use use, in MechanismCall call, ObjectHandle handle, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        string user = caller.Subject.User;
        Outcome admitted = guard.Admit(mechanism, use, user);
        if (!admitted.IsOk)
        {
            return admitted.Cause;
        }

        Outcome<KeyLease> lease = Take(caller, use, call.Number, handle, judgeOnly: false);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        Outcome<DrawnIv> done = mechanism.Perform(use, call, key.HasMaterial ? key.Material : null, mode, data, signature, output);
        guard.Note(mechanism, use, user, done.Rv);
        key.End(done.Cause);
        return done;
    }

    private Outcome<WrappedKey> WrapWith(Mechanism mechanism, Caller caller, in MechanismCall call, ObjectHandle wrappingKey, ObjectHandle handle)
    {
        Outcome<KeyLease> wrapping = ring.Use(wrappingKey, Use.Wrap, caller, call.Number);
        if (!wrapping.IsOk)
        {
            return wrapping.Cause;
        }

        using KeyLease under = wrapping.Value;
        Outcome<KeyLease> payload = ring.Export(handle, under.Object, caller);
        if (!payload.IsOk)
        {
            under.End(payload.Cause);
            return payload.Cause;
        }

        using KeyLease key = payload.Value;
        try
        {
            Outcome<WrappedKey> wrapped = mechanism.Wrap(call, under.Material, key.Material, mode);
            under.End(wrapped.Cause);
            key.End(wrapped.Cause);
            return wrapped;
        }
        catch (SecretArenaFullException)
        {
            under.End(KeyCauses.ArenaFull);
            key.End(KeyCauses.ArenaFull);
            return KeyCauses.ArenaFull;
        }
    }

    // A digest needs no key; everything else gets its key from the authorisation point.
    private Outcome<KeyLease> Take(Caller caller, Use use, ulong mechanism, ObjectHandle handle, bool judgeOnly)
    {
        if (use != Use.Digest)
        {
            return ring.Use(handle, use, caller, mechanism, judgeOnly);
        }

        Outcome permitted = Permissions.Check(logins.Current(caller), Permission.Digest);
        return permitted.IsOk ? default(KeyLease) : permitted.Cause;
    }

    private Outcome Update(OpenOperation operation, Part part)
    {
        if (MayGoOn(operation, part.Caller) is { IsOk: false } refusal)
        {
            return refusal;
        }

        if (part.Key == ObjectHandle.None)
        {
            operation.Data?.Update(part.Data);
            return operation.Work.Update(part.Data, part.Output);
        }

        AuditSubject who = part.Caller.Subject;
        Outcome<KeyLease> lease = ring.Use(part.Key, Use.Digest, part.Caller, null);
        Outcome taken = lease.WithoutValue();
        if (lease.IsOk)
        {
            using KeyLease key = lease.Value;
            taken = operation.Work.Update(key.Material);
            key.End(taken.Cause);
        }

        journal.UseWithDigest(who, part.Session, Use.Digest, operation.Mechanism.Number, part.Key, taken.Rv, default);
        return taken;
    }

    // What was begun under a login goes on under that login only, and only while the key is the caller's to use: a share that was taken back ends it.
    private Outcome MayGoOn(OpenOperation operation, Caller caller) =>
        operation.Login is not null && !Equals(logins.Current(caller), operation.Login) ? Causes.LoginEnded
        : operation.Use == Use.Digest ? Outcome.Ok
        : ring.GoOn(operation.Key, operation.Use, caller, operation.Mechanism.Number);

    private static bool IsCipher(Use use) => use is Use.Encrypt or Use.Decrypt;

    private void NoteEnd(OpenOperation operation, SessionId session, AuditSubject who, Rv result)
    {
        Span<byte> digest = stackalloc byte[AuditDigest.Size];
        operation.Data?.Finish(digest);
        journal.UseWithDigest(who, session, operation.Use, operation.Mechanism.Number, operation.Key, result, operation.Data is null ? default : digest);
    }

    private Outcome NoteRefusal(OpenOperation operation, Part part, AuditSubject who, Outcome outcome)
    {
        if (!outcome.IsOk)
        {
            counters.Count(operation.Use, operation.Mechanism, who.User, outcome.Rv);
            NoteEnd(operation, part.Session, who, outcome.Rv);
        }

        return outcome;
    }

    private readonly ref struct Part(Caller caller, SessionId session, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, ObjectHandle key, IBufferWriter<byte> output)
    {
        public Caller Caller { get; } = caller;

        public SessionId Session { get; } = session;

        public ReadOnlySpan<byte> Data { get; } = data;

        public ReadOnlySpan<byte> Signature { get; } = signature;

        public ObjectHandle Key { get; } = key;

        public IBufferWriter<byte> Output { get; } = output;
    }
}
