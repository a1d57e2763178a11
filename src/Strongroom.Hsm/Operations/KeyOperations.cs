using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Operations;

/// <summary>Uses of keys, whole and in parts, and wrapping: a key from the authorisation point, its mechanism, and one count of the outcome.</summary>
internal sealed class KeyOperations(KeyRing ring, Logins logins, OperationCounters counters, ClusterMode mode)
{
    /// <summary>Judges an operation before it starts.</summary>
    public Outcome<Verdict> Prepare(Caller caller, Use use, in MechanismCall call, ObjectHandle handle)
    {
        if (MechanismCatalog.Find(call.Number, use) is not { } mechanism)
        {
            return Causes.MechanismUnknown;
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

        // A key that asks for a login before each use is judged each time, and a session object's handle may name another one after a restart.
        bool cacheable = !key.HasMaterial || (!key.Object.Has(ObjectFlags.AlwaysAuthenticate) && !handle.IsSession);
        return new Verdict(length.Value, mechanism.Multipart, cacheable, key.HasMaterial ? key.Object.Version : 0);
    }

    /// <summary>A whole operation.</summary>
    public Outcome<DrawnIv> Perform(
        Caller caller, Session session, Use use, in MechanismCall call, ObjectHandle handle, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        Mechanism? mechanism = MechanismCatalog.Find(call.Number, use);
        Outcome<DrawnIv> done = mechanism is null ? Causes.MechanismUnknown
            : session.IsOpen(use) ? Causes.OperationOpen
            : PerformWith(mechanism, caller, use, call, handle, data, signature, output);
        counters.Count(use, mechanism, done.IsOk);
        return done;
    }

    /// <summary>Starts an operation in parts. It is counted when it ends.</summary>
    public Outcome<DrawnIv> Begin(Caller caller, Session session, Use use, in MechanismCall call, ObjectHandle handle)
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
            return begun.Cause;
        }

        DrawnIv iv = begun.Value.DrawnIv;
        Outcome opened = session.Open(new OpenOperation(use, mechanism, begun.Value, logins.Current(caller)));
        return opened.IsOk ? iv : opened.Cause;
    }

    /// <summary>One part; with a handle, the value of that key (C_DigestKey).</summary>
    public Outcome Update(Caller caller, Session session, Use use, ReadOnlySpan<byte> data, ObjectHandle handle, IBufferWriter<byte> output) =>
        session.Work(use, last: false, new Part(caller, data, default, handle, output), (operation, part) => CountRefusal(operation, Update(operation, part)));

    /// <summary>Ends an operation in parts.</summary>
    public Outcome Finish(Caller caller, Session session, Use use, ReadOnlySpan<byte> signature, IBufferWriter<byte> output) =>
        session.Work(use, last: true, new Part(caller, default, signature, default, output), (operation, part) =>
        {
            Outcome done = IsStillGood(operation, part.Caller) ? operation.Work.Finish(part.Signature, part.Output) : Causes.LoginEnded;
            counters.Count(operation.Use, operation.Mechanism, done.IsOk);
            return done;
        });

    /// <summary>C_WrapKey.</summary>
    public Outcome<WrappedKey> Wrap(Caller caller, in MechanismCall call, ObjectHandle wrappingKey, ObjectHandle handle)
    {
        Mechanism? mechanism = MechanismCatalog.Find(call.Number, Use.Wrap);
        Outcome<WrappedKey> done = mechanism is null ? Causes.MechanismUnknown : WrapWith(mechanism, caller, call, wrappingKey, handle);
        counters.Count(Use.Wrap, mechanism, done.IsOk);
        return done;
    }

    private Outcome<DrawnIv> PerformWith(
        Mechanism mechanism, Caller caller, Use use, in MechanismCall call, ObjectHandle handle, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        Outcome<KeyLease> lease = Take(caller, use, call.Number, handle, judgeOnly: false);
        if (!lease.IsOk)
        {
            return lease.Cause;
        }

        using KeyLease key = lease.Value;
        return mechanism.Perform(use, call, key.HasMaterial ? key.Material : null, mode, data, signature, output);
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
            return payload.Cause;
        }

        using KeyLease key = payload.Value;
        try
        {
            return mechanism.Wrap(call, under.Material, key.Material, mode);
        }
        catch (SecretArenaFullException)
        {
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
        if (!IsStillGood(operation, part.Caller))
        {
            return Causes.LoginEnded;
        }

        if (part.Key == ObjectHandle.None)
        {
            return operation.Work.Update(part.Data, part.Output);
        }

        Outcome<KeyLease> lease = ring.Use(part.Key, Use.Digest, part.Caller, null);
        if (!lease.IsOk)
        {
            return lease.WithoutValue();
        }

        using KeyLease key = lease.Value;
        return operation.Work.Update(key.Material);
    }

    // What was begun under a login goes on under that login only.
    private bool IsStillGood(OpenOperation operation, Caller caller) => operation.Login is null || Equals(logins.Current(caller), operation.Login);

    private Outcome CountRefusal(OpenOperation operation, Outcome outcome)
    {
        if (!outcome.IsOk)
        {
            counters.Count(operation.Use, operation.Mechanism, ok: false);
        }

        return outcome;
    }

    private readonly ref struct Part(Caller caller, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, ObjectHandle key, IBufferWriter<byte> output)
    {
        public Caller Caller { get; } = caller;

        public ReadOnlySpan<byte> Data { get; } = data;

        public ReadOnlySpan<byte> Signature { get; } = signature;

        public ObjectHandle Key { get; } = key;

        public IBufferWriter<byte> Output { get; } = output;
    }
}
