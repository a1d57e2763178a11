using System.Buffers;
using System.Diagnostics;
using System.Text;
using Strongroom.Audit;
using Strongroom.Crypto;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Operations;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;
using Strongroom.Store;
using Strongroom.Store.Commits;
using Strongroom.Store.Heads;
using Strongroom.Store.Sealing;

namespace Strongroom.Hsm;

/// <summary>
/// The whole HSM behind one class: what a listener calls for its connections. It knows no wire and no network.
/// Every method may be called from any thread; those that return at once without a task neither wait nor commit. Memory that is given to a method is read until its task completes.
/// A refusal is an <see cref="Outcome"/>; an exception means a broken world, and the HSM must stop.
/// </summary>
public sealed partial class Module : IAsyncDisposable
{
    private const int MaxRandom = 1 << 20;
    private const int UsersPerPage = 256;
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromMilliseconds(250);

    private readonly ModuleOptions _options;
    private readonly SealedStore _store;
    private readonly ClusterState _state;
    private readonly Parts _parts;
    private readonly OperationCounters _counters = new();
    private readonly Latencies _finds = new();
    private long _loginsDone;
    private long _loginsRefused;
    private readonly AuditLog? _log;
    private readonly Journal _journal;

    private Module(ModuleOptions options, SealedStore store, ClusterKeys keys, ClusterState state, LiveKeys live, AuditLog? log)
    {
        (_log, _journal) = (log, new Journal(log));
        _options = options;
        _store = store;
        _state = state;
        Mode = state.Cluster?.Mode ?? throw new InvalidOperationException("The cluster has not been born.");
        _parts = new Parts(this, keys, live);
        _sweeping = SweepAsync(_stopping.Token);
    }

    /// <summary>Fixed at the cluster's birth.</summary>
    public ClusterMode Mode { get; }

    /// <summary>How far this HSM's view of the cluster has come; goes into every reply.</summary>
    public Position Position => new(_store.Position.Epoch, _store.Position.Sequence);

    /// <summary>Waits until this HSM has seen <paramref name="seen"/>, reading the store once and waiting at most 250 ms.</summary>
    /// <returns>False if it is still behind; the client then tries another HSM.</returns>
    public ValueTask<bool> CatchUpAsync(Position seen, CancellationToken cancel) =>
        Position >= seen ? ValueTask.FromResult(true) : _store.CatchUpAsync(new HeadPosition(seen.Epoch, seen.Sequence), CatchUpLimit, cancel);

    // ---- instances and logins ----

    /// <summary>Takes an instance's proof on a new connection: an Ed25519 signature over "strongroom attach v1", 0, the challenge, the cluster id, 0, the HSM id.</summary>
    /// <param name="instance">The instance's public key.</param>
    /// <param name="challenge">What this HSM drew for this connection, used once.</param>
    /// <param name="signature">64 bytes.</param>
    /// <param name="ticket">From an earlier login of the instance; empty if there is none.</param>
    /// <param name="address">Where the connection comes from, for the audit log; without a port.</param>
    public Outcome<Attachment> Attach(InstanceKey instance, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> ticket, string address = "")
    {
        byte[] proven = [.. "strongroom attach v1\0"u8, .. challenge, .. Encoding.UTF8.GetBytes(_options.Cluster), 0, .. Encoding.UTF8.GetBytes(_options.Hsm)];
        if (!Ed25519.Verify(instance.ToArray(), proven, signature))
        {
            return Causes.BadInstanceProof;
        }

        Outcome<Caller> caller = _parts.Instances.Attach(instance);
        if (!caller.IsOk)
        {
            return caller.Cause;
        }

        caller.Value.Address = address;
        Outcome shown = ticket.IsEmpty ? Outcome.Ok : Resume(caller.Value, ticket);
        return new Attachment(caller.Value, _parts.Logins.Current(caller.Value) is not null, shown.Cause);
    }

    /// <summary>One of the instance's connections has ended. The state of an instance without connections is kept for a minute.</summary>
    public void Detach(Caller caller) => _parts.Instances.Detach(caller);

    /// <summary>C_Login with "user:password". Takes tens of milliseconds by design (password hash).</summary>
    public async ValueTask<Outcome<Ticket>> LoginAsync(Caller caller, LoginType type, ReadOnlyMemory<byte> pin, CancellationToken cancel)
    {
        Outcome<Ticket> done = await _parts.Gatekeeper.LoginAsync(caller, type, pin, cancel).ConfigureAwait(false);
        NoteLogin(caller, type, pin, done.Rv);
        return done;
    }

    public Outcome Logout(Caller caller)
    {
        AuditSubject who = caller.Subject;
        Outcome done = _parts.Gatekeeper.Logout(caller);
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.Logout, Subject = who, Result = done.Rv });
        return done;
    }

    public Outcome<Ticket> RenewTicket(Caller caller) => _parts.Gatekeeper.Renew(caller);

    /// <summary>C_SetPIN: the logged-in user's own password. Other logins of the user end; this one needs a fresh ticket.</summary>
    public async ValueTask<Outcome> SetPinAsync(Caller caller, SessionId session, ReadOnlyMemory<byte> oldPin, ReadOnlyMemory<byte> newPin, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome done = session.IsReadWrite ? await _parts.Gatekeeper.SetPinAsync(caller, oldPin, newPin, cancel).ConfigureAwait(false) : Causes.SessionReadOnly;
        (string target, Role role) = who.User.Length == 0 && UserNames.SplitPin(oldPin) is { IsOk: true } named && KnownUser(named.Value.Name, Role.CryptoUser) is { } known ? (known, Role.CryptoUser) : (who.User, who.Role);
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.ChangePassword, Subject = who, Session = session, TargetUser = target, TargetRole = role, Result = done.Rv });
        return done;
    }

    /// <summary>C_InitPIN by an admin, "user:password": makes this crypto-user, or gives it the password and unlocks it.</summary>
    public ValueTask<Outcome> InitPinAsync(Caller caller, SessionId session, ReadOnlyMemory<byte> pin, CancellationToken cancel)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        if (!known.IsOk)
        {
            return ValueTask.FromResult(known.WithoutValue());
        }

        // Whoever is no admin is told so before anything of the PIN is judged.
        Outcome permitted = Permissions.CheckRole(_parts.Logins.Current(caller), Permission.CreateUsers);
        Outcome<(string Name, ReadOnlyMemory<byte> Password)> split = UserNames.SplitPin(pin);
        return !permitted.IsOk ? ValueTask.FromResult(permitted)
            : !split.IsOk ? ValueTask.FromResult((Outcome)Causes.NewPinForm)
            : _state.Users.Find(Role.CryptoUser, split.Value.Name) is null ? CreateUserAsync(caller, split.Value.Name, Role.CryptoUser, split.Value.Password, cancel)
            : ChangePasswordAsync(caller, split.Value.Name, Role.CryptoUser, split.Value.Password, cancel);
    }

    // ---- token and sessions ----

    public TokenInfo GetTokenInfo(Caller caller)
    {
        int readWrite = caller.Sessions.Keys.Count(session => session.IsReadWrite);
        TokenFlags flags = TokenFlags.Rng | TokenFlags.LoginRequired | TokenFlags.TokenInitialized | TokenFlags.DualCryptoOperations | (_state.Users.IsActive ? TokenFlags.UserPinInitialized : 0);

        // CK_TOKEN_INFO has room for 16 characters: those that tell clusters apart.
        string id = _options.Cluster[(_options.Cluster.IndexOf('-', StringComparison.Ordinal) + 1)..];
        string serial = id.Length > 16 ? id[..16] : id;
        return new TokenInfo("hsm1", "Strongroom", serial, (ulong)flags, SessionLimits.SessionsPerInstance, caller.Sessions.Count, readWrite,
            MinPin: 1 + 1 + UserNames.MinPasswordLength, MaxPin: UserNames.MaxNameLength + 1 + UserNames.MaxPasswordLength, _options.Version, _options.Clock.GetUtcNow());
    }

    /// <summary>The mechanisms that this cluster's mode has any use for, without what an admin has switched off.</summary>
    public IReadOnlyList<MechanismDetail> GetMechanisms() =>
        [.. MechanismCatalog.All.Where(mechanism => Mode != ClusterMode.Fips || mechanism.Approval != Approval.None).Select(Describe)];

    private MechanismDetail Describe(Mechanism mechanism) =>
        mechanism.IsOracle(Use.Decrypt) && !_state.Settings.Pkcs1Decryption ? mechanism.Detail with { Flags = mechanism.Detail.Flags & ~(ulong)MechanismFlags.Decrypt } : mechanism.Detail;

    public Outcome OpenSession(Caller caller, SessionId session)
    {
        Outcome opened = _parts.Sessions.Require(caller, session).WithoutValue();
        _journal.Session(caller.Subject, AuditOperation.OpenSession, session, opened.Rv);
        return opened;
    }

    /// <summary>Ends a session, its operations and its session objects. Closing the last one does not log out: after a restart the HSM may not know all of them, the client does.</summary>
    public Outcome CloseSession(Caller caller, SessionId session)
    {
        _parts.Sessions.Close(caller, session);
        _journal.Session(caller.Subject, AuditOperation.CloseSession, session, Rv.Ok);
        return Outcome.Ok;
    }

    public Outcome CloseAllSessions(Caller caller)
    {
        _parts.Sessions.CloseAll(caller);
        _journal.Session(caller.Subject, AuditOperation.CloseSession, default, Rv.Ok);
        return Outcome.Ok;
    }

    public Outcome<SessionState> GetSessionState(Caller caller, SessionId session)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        return known.IsOk ? _parts.Sessions.StateOf(caller, session) : known.Cause;
    }

    // ---- objects ----

    public ValueTask<Outcome<ObjectHandle>> CreateObjectAsync(Caller caller, SessionId session, CreationNumber creation, RawAttribute[] template, CancellationToken cancel) =>
        MakeAsync(caller, session, AuditOperation.CreateObject, null, ObjectHandle.None, () => _parts.Maker.CreateAsync(caller, session, creation, template, cancel));

    public ValueTask<Outcome<ObjectHandle>> CopyObjectAsync(Caller caller, SessionId session, CreationNumber creation, ObjectHandle source, RawAttribute[] template, CancellationToken cancel) =>
        MakeAsync(caller, session, AuditOperation.CopyObject, null, source, () => _parts.Maker.CopyAsync(caller, session, creation, source, template, cancel));

    public async ValueTask<Outcome> DestroyObjectAsync(Caller caller, SessionId session, CreationNumber creation, ObjectHandle handle, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        Outcome done = known.IsOk ? await _parts.Keeper.DestroyAsync(caller, session, creation, handle, cancel).ConfigureAwait(false) : known.WithoutValue();
        AuditOperation operation = handle.IsSession ? AuditOperation.DestroySessionObject : AuditOperation.DestroyObject;
        _journal.Management(caller, new AuditEvent { Operation = operation, Subject = who, Session = session, Key = handle, Result = done.Rv });
        return done;
    }

    public Outcome<AttributeReading[]> GetAttributes(Caller caller, SessionId session, ObjectHandle handle, ReadOnlySpan<AttributeType> types)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        return known.IsOk ? _parts.Reader.Read(caller, handle, types) : known.Cause;
    }

    public async ValueTask<Outcome> SetAttributesAsync(Caller caller, SessionId session, ObjectHandle handle, RawAttribute[] template, CancellationToken cancel)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        AuditSubject who = caller.Subject;
        Outcome<Template> decoded = known.IsOk ? Template.Decode(template) : known.Cause;
        Outcome done = decoded.IsOk ? await _parts.Keeper.ChangeAsync(caller, session, handle, decoded.Value, cancel).ConfigureAwait(false) : decoded.WithoutValue();
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.ModifyObject, Subject = who, Session = session, Key = handle, Result = done.Rv });
        return done;
    }

    /// <summary>A page of the objects that match.</summary>
    /// <param name="after"><see cref="ObjectHandle.None"/>, or the last handle of the page before.</param>
    /// <param name="limit">At most 4096.</param>
    /// <param name="keyTypes">Keys of other types are left out; null: none are.</param>
    public Outcome<FindPage> FindObjects(Caller caller, SessionId session, RawAttribute[] template, ObjectHandle after, int limit, KeyType[]? keyTypes = null)
    {
        long began = Stopwatch.GetTimestamp();
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        Outcome<Template> query = known.IsOk ? Template.Decode(template) : known.Cause;
        Outcome<FindPage> found = query.IsOk ? _parts.Finder.Find(caller, query.Value, after, limit, keyTypes) : query.Cause;
        _finds.Observe(began);
        return found;
    }

    /// <summary>Keys that a query matches, with attributes.</summary>
    /// <param name="query">A program in reverse Polish notation; none: every key.</param>
    /// <param name="after"><see cref="ObjectHandle.None"/>, or the last handle of the page before.</param>
    /// <param name="skip">How many of the matches to leave out first.</param>
    /// <param name="limit">At most 4096.</param>
    /// <param name="count">Whether to count all matches.</param>
    /// <param name="types">What to read of each.</param>
    public Outcome<KeySearchPage> SearchKeys(Caller caller, SessionId session, ReadOnlySpan<QueryTerm> query, ObjectHandle after, int skip, int limit, bool count, ReadOnlySpan<AttributeType> types)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        Outcome<KeyQuery> program = known.IsOk ? KeyQuery.Decode(query) : known.Cause;
        return program.IsOk ? _parts.Search.Search(caller, program.Value, after, skip, limit, count, types) : program.Cause;
    }

    /// <returns>Bytes.</returns>
    public Outcome<ulong> GetObjectSize(Caller caller, SessionId session, ObjectHandle handle)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        return known.IsOk ? _parts.Reader.SizeOf(caller, handle) : known.Cause;
    }

    // ---- making keys ----

    public ValueTask<Outcome<ObjectHandle>> GenerateKeyAsync(Caller caller, SessionId session, CreationNumber creation, MechanismCall mechanism, RawAttribute[] template,
        KeyTerms terms, CancellationToken cancel) =>
        MakeAsync(caller, session, AuditOperation.GenerateKey, mechanism.Number, ObjectHandle.None, () => _parts.Maker.GenerateAsync(caller, session, creation, mechanism, template, terms, cancel));

    public async ValueTask<Outcome<KeyPairHandles>> GenerateKeyPairAsync(Caller caller, SessionId session, CreationNumber creation, MechanismCall mechanism, RawAttribute[] publicTemplate,
        RawAttribute[] privateTemplate, KeyTerms terms, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome<KeyPairHandles> made = await InSession(caller, session, () => _parts.Maker.GeneratePairAsync(caller, session, creation, mechanism, publicTemplate, privateTemplate, terms, cancel))
            .ConfigureAwait(false);
        KeyPairHandles pair = made.IsOk ? made.Value : default;
        _journal.Management(caller, new AuditEvent
        {
            Operation = AuditOperation.GenerateKeyPair,
            Subject = who,
            Session = session,
            Mechanism = mechanism.Number,
            Key = pair.Private,
            SecondKey = pair.Public,
            Result = made.Rv,
        });
        return made;
    }

    public Outcome<WrappedKey> WrapKey(Caller caller, SessionId session, in MechanismCall mechanism, ObjectHandle wrappingKey, ObjectHandle key)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        return known.IsOk ? _parts.Operations.Wrap(caller, session, mechanism, wrappingKey, key) : known.Cause;
    }

    public ValueTask<Outcome<ObjectHandle>> UnwrapKeyAsync(Caller caller, SessionId session, CreationNumber creation, MechanismCall mechanism, ObjectHandle unwrappingKey,
        ReadOnlyMemory<byte> wrapped, RawAttribute[] template, KeyTerms terms, CancellationToken cancel) =>
        MakeAsync(caller, session, AuditOperation.UnwrapKey, mechanism.Number, unwrappingKey, () => _parts.Maker.UnwrapAsync(caller, session, creation, mechanism, unwrappingKey, wrapped, template, terms, cancel));

    public ValueTask<Outcome<ObjectHandle>> DeriveKeyAsync(Caller caller, SessionId session, CreationNumber creation, MechanismCall mechanism, ObjectHandle baseKey, RawAttribute[] template,
        CancellationToken cancel) => MakeAsync(
            caller, session, AuditOperation.DeriveKey, mechanism.Number, baseKey, () => _parts.Maker.DeriveAsync(caller, session, creation, mechanism, baseKey, template, cancel),
            MechanismCatalog.Find(mechanism.Number, Use.Derive)?.OtherKeyOf(mechanism));

    /// <summary>C_EncapsulateKey: a fresh shared secret as a key, and what the other side finds it from.</summary>
    public async ValueTask<Outcome<Encapsulation>> EncapsulateKeyAsync(Caller caller, SessionId session, CreationNumber creation, MechanismCall mechanism, ObjectHandle publicKey, RawAttribute[] template,
        CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome<Encapsulation> made = await InSession(caller, session, () => _parts.Maker.EncapsulateAsync(caller, session, creation, mechanism, publicKey, template, cancel)).ConfigureAwait(false);
        ObjectHandle key = made.IsOk ? made.Value.Key : default;
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.EncapsulateKey, Subject = who, Session = session, Mechanism = mechanism.Number, Key = publicKey, SecondKey = key, Result = made.Rv });
        return made;
    }

    public ValueTask<Outcome<ObjectHandle>> DecapsulateKeyAsync(Caller caller, SessionId session, CreationNumber creation, MechanismCall mechanism, ObjectHandle privateKey,
        ReadOnlyMemory<byte> ciphertext, RawAttribute[] template, CancellationToken cancel) =>
        MakeAsync(caller, session, AuditOperation.DecapsulateKey, mechanism.Number, privateKey, () => _parts.Maker.DecapsulateAsync(caller, session, creation, mechanism, privateKey, ciphertext, template, cancel));

    // ---- using keys (the hot path: synchronous) ----

    /// <summary>Judges an operation before it starts (C_SignInit and its like).</summary>
    public Outcome<Verdict> Prepare(Caller caller, SessionId session, Use use, in MechanismCall mechanism, ObjectHandle key)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        return known.IsOk ? _parts.Operations.Prepare(caller, session, use, mechanism, key) : known.Cause;
    }

    /// <summary>A whole operation.</summary>
    /// <param name="key">None for a digest.</param>
    /// <param name="signature">What to verify; empty otherwise.</param>
    /// <param name="output">Takes the result; untouched on refusal.</param>
    public Outcome<DrawnIv> Perform(Caller caller, SessionId session, Use use, in MechanismCall mechanism, ObjectHandle key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature,
        IBufferWriter<byte> output)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        return known.IsOk ? _parts.Operations.Perform(caller, known.Value, use, mechanism, key, data, signature, output) : known.Cause;
    }

    /// <summary>Starts an operation in parts. One of each use may be open in a session.</summary>
    public Outcome<DrawnIv> Begin(Caller caller, SessionId session, Use use, in MechanismCall mechanism, ObjectHandle key)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        return known.IsOk ? _parts.Operations.Begin(caller, known.Value, use, mechanism, key) : known.Cause;
    }

    /// <summary>One part.</summary>
    /// <param name="key">C_DigestKey: the key whose value is the input; else None.</param>
    public Outcome Update(Caller caller, SessionId session, Use use, ReadOnlySpan<byte> data, ObjectHandle key, IBufferWriter<byte> output)
    {
        Outcome<Session> known = Known(caller, session, use);
        return known.IsOk ? _parts.Operations.Update(caller, known.Value, use, data, key, output) : known.WithoutValue();
    }

    /// <summary>Ends an operation in parts.</summary>
    public Outcome Finish(Caller caller, SessionId session, Use use, ReadOnlySpan<byte> signature, IBufferWriter<byte> output) => FinishPass(caller, session, use, signature, output).WithoutValue();

    /// <summary>Ends an operation in parts, or its first pass over long input.</summary>
    /// <returns>Whether all input must be sent again, to get the output as it is sent.</returns>
    public Outcome<bool> FinishPass(Caller caller, SessionId session, Use use, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        Outcome<Session> known = Known(caller, session, use);
        return known.IsOk ? _parts.Operations.Finish(caller, known.Value, use, signature, output) : known.Cause;
    }

    /// <summary>Drops an operation in parts; one that is not open is no error.</summary>
    public Outcome Cancel(Caller caller, SessionId session, Use use)
    {
        Outcome<Session> known = Known(caller, session, use);
        if (known.IsOk)
        {
            known.Value.Drop(use);
        }

        return known.WithoutValue();
    }

    /// <summary>C_GenerateRandom.</summary>
    /// <param name="length">Bytes, at most 1 MiB.</param>
    public Outcome GenerateRandom(Caller caller, int length, IBufferWriter<byte> output)
    {
        if (length is < 0 or > MaxRandom)
        {
            return Causes.TooLong;
        }

        if (_journal.Refusal() is { } full)
        {
            return full;
        }

        AuditSubject who = caller.Subject;
        Outcome permitted = Permissions.Check(_parts.Logins.Current(caller), Permission.DrawRandom);
        if (permitted.IsOk)
        {
            RandomSource.Fill(output.GetSpan(Math.Max(length, 1))[..length]);
            output.Advance(length);
        }

        _journal.Random(who, AuditOperation.GenerateRandom, permitted.Rv);
        return permitted;
    }

    /// <summary>C_SeedRandom: additional input, never the only source.</summary>
    public Outcome SeedRandom(Caller caller, ReadOnlySpan<byte> seed)
    {
        AuditSubject who = caller.Subject;
        Outcome permitted = Permissions.Check(_parts.Logins.Current(caller), Permission.SeedRandom);
        _journal.Random(who, AuditOperation.SeedRandom, permitted.Rv);
        if (permitted.IsOk)
        {
            RandomSource.AddSeed(seed);
        }

        return permitted;
    }

    private Outcome<Session> Known(Caller caller, SessionId session, Use use) => UseRules.Of(use) is null ? Causes.UseUnknown : _parts.Sessions.Require(caller, session);

    private async ValueTask<Outcome<T>> InSession<T>(Caller caller, SessionId session, Func<ValueTask<Outcome<T>>> work)
    {
        Outcome<Session> known = _parts.Sessions.Require(caller, session);
        return !known.IsOk ? known.Cause : _journal.Refusal() is { } full ? full : await work().ConfigureAwait(false);
    }
}
