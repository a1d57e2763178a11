using System.Text;
using Strongroom.Audit;
using Strongroom.Crypto;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Mtls;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Operations;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;
using Strongroom.Store;
using Strongroom.Store.Commits;
using Strongroom.Store.Sealing;

namespace Strongroom.Hsm;

// The cluster's birth, its users, and the module's own life.
public sealed partial class Module
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _sweeping;

    /// <summary>Opens the store that hands its records to the given consumer.</summary>
    public delegate Task<SealedStore> OpenStore(IRecordConsumer consumer, CancellationToken cancel);

    /// <summary>Completes with the cause when the world is broken; the HSM must then stop serving.</summary>
    public Task<Exception> Fault => _fault ??= WatchAsync();

    private Task<Exception>? _fault;

    /// <summary>Opens the module on a cluster that exists.</summary>
    /// <param name="options">Who this HSM is.</param>
    /// <param name="openStore">Opens the cluster's store; stays its giver's to dispose, after the module.</param>
    /// <param name="keys">The cluster's keys; stay their giver's.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">The store is damaged, or was rolled back.</exception>
    public static async Task<Module> OpenAsync(ModuleOptions options, OpenStore openStore, ClusterKeys keys, CancellationToken cancel)
    {
        var live = new LiveKeys(options.LiveKeys);
        var state = new ClusterState(live, new Clock(options.Clock, options.BootClock));
        SealedStore store = await openStore(state, cancel).ConfigureAwait(false);
        return new Module(options, store, keys, state, live, await OpenLogAsync(options, state, store).ConfigureAwait(false));
    }

    /// <summary>The birth of a cluster: its first records in a store that has no more than its first head.</summary>
    /// <param name="options">Who this HSM is.</param>
    /// <param name="mode">For ever.</param>
    /// <param name="openStore">As for <see cref="OpenAsync"/>.</param>
    /// <param name="keys">As for <see cref="OpenAsync"/>.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is a cluster in the store.</exception>
    public static async Task<ClusterBirth> CreateAsync(ModuleOptions options, ClusterMode mode, OpenStore openStore, ClusterKeys keys, CancellationToken cancel)
    {
        var live = new LiveKeys(options.LiveKeys);
        var state = new ClusterState(live, new Clock(options.Clock, options.BootClock));
        SealedStore store = await openStore(state, cancel).ConfigureAwait(false);
        (IReadOnlyList<Change> changes, string code) = await ClusterBirth.DrawAsync(mode, options.Clock.GetUtcNow(), cancel).ConfigureAwait(false);
        CommitResult<bool> born = await store.Committer.CommitAsync(_ => state.Cluster is null ? Proposal.Write(true, changes) : Proposal.Refuse(false), cancel).ConfigureAwait(false);
        if (born is not { Status: ChangeStatus.Committed, Value: true })
        {
            throw new InvalidOperationException("There is a cluster in the store already, or the store did not tell whether its birth was kept.");
        }

        var module = new Module(options, store, keys, state, live, await OpenLogAsync(options, state, store).ConfigureAwait(false));
        await module.RecordAsync(AuditOperation.CreateCluster, null).ConfigureAwait(false);
        return new ClusterBirth(module, code);
    }

    /// <summary>Whether enough admins say so in a store that no module serves yet: as many different ones as change the quorum values, each with the password and, where one is registered, the second factor.</summary>
    /// <remarks>Nothing is written, so a wrong password is not counted: the caller slows guesses.</remarks>
    /// <param name="openStore">As for <see cref="OpenAsync"/>; closed before this returns.</param>
    /// <param name="words">Who says so.</param>
    /// <param name="statement">What they say, in one line; a second factor signs its SHA-256.</param>
    /// <param name="clock">The wall clock.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Outcome> ProveAdminsAsync(OpenStore openStore, IReadOnlyList<AdminWord> words, string statement, TimeProvider clock, CancellationToken cancel)
    {
        using var live = new LiveKeys(1);
        var state = new ClusterState(live, new Clock(clock, BootClock.System));
        SealedStore store = await openStore(state, cancel).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            byte[] said = new byte[SignerKey.ValueSize];
            Digest.Compute(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(statement), said);
            var admins = new HashSet<string>(StringComparer.Ordinal);
            foreach (AdminWord word in words)
            {
                Outcome<string> normal = UserNames.Normalize(word.Name);
                if (!normal.IsOk || state.Users.Find(Role.Admin, normal.Value) is not { Locked: false } admin)
                {
                    return Causes.NoSuchAdmin;
                }

                SecondFactor factor = word.Signature.IsEmpty ? SecondFactor.NotShown : SecondFactor.Of(said, word.Signature);
                if (factor.Refusal(admin) is { } refusal)
                {
                    return refusal == Causes.MfaNeeded ? new Cause(refusal.Rv, $"{admin.Name} has a second factor: sign the SHA-256 of '{statement}' with its key, too") : refusal;
                }

                if (!await PasswordHash.VerifyAsync(word.Password, admin.PasswordHash, cancel).ConfigureAwait(false) || !factor.Holds(admin))
                {
                    return Causes.NoSuchAdmin;
                }

                admins.Add(admin.Name);
            }

            return admins.Count >= state.Quorum.Quorum ? Outcome.Ok : new Cause(Rv.FunctionRejected, $"the cluster's quorum asks for the word of {state.Quorum.Quorum} different admins");
        }
    }

    /// <summary>Makes the acceptance of the store that this module was opened on the first commit of its new epoch, and an event of the audit log.</summary>
    /// <param name="admins">Who accepted it; an event each, since a text's length is bounded.</param>
    /// <param name="detail">What they accepted.</param>
    public async ValueTask AcceptStoreAsync(IReadOnlyList<string> admins, string detail)
    {
        Change same = Change.Put(ClusterRecord.Path, _state.Cluster!.Write());
        CommitResult<bool> begun = await _store.Committer.CommitAsync(_ => Proposal.Write(true, same)).ConfigureAwait(false);
        if (begun.Status != ChangeStatus.Committed)
        {
            throw new StoreException("the store did not tell whether it began the new epoch");
        }

        await RecordAsync(AuditOperation.AdvanceEpoch, $"epoch {begun.Position.Epoch}").ConfigureAwait(false);
        foreach (string admin in admins)
        {
            await RecordAsync(AuditOperation.AcceptStore, $"by {admin}: {detail}").ConfigureAwait(false);
        }
    }

    /// <summary>Sets the first admin's password with the one-time code of the cluster's birth.</summary>
    public async ValueTask<Outcome> ActivateAsync(Caller caller, ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> password, CancellationToken cancel) =>
        NoteUser(caller, caller.Subject, AuditOperation.Activate, null, Role.None, await _parts.Accounts.ActivateAsync(code, password, cancel).ConfigureAwait(false));

    public async ValueTask<Outcome> CreateUserAsync(Caller caller, string name, Role role, ReadOnlyMemory<byte> password, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome permitted = _parts.Gate.Admit(caller, Permission.CreateUsers, out Approval? approval);
        Outcome done = permitted.IsOk ? await _parts.Accounts.CreateAsync(name, role, password, cancel).ConfigureAwait(false) : permitted;
        approval?.End(done.Cause);
        return NoteUser(caller, who, AuditOperation.CreateUser, KnownUser(name, role), role, done);
    }

    /// <summary>Refused while the user owns keys, and for the last admin that could log in.</summary>
    public async ValueTask<Outcome> DeleteUserAsync(Caller caller, string name, Role role, CancellationToken cancel)
    {
        (AuditSubject who, string? known) = (caller.Subject, KnownUser(name, role));
        Outcome permitted = _parts.Gate.Admit(caller, Permission.DeleteUsers, out Approval? approval);
        Outcome done = permitted.IsOk ? await _parts.Accounts.DeleteAsync(name, role, cancel).ConfigureAwait(false) : permitted;
        approval?.End(done.Cause);
        return NoteUser(caller, who, AuditOperation.DeleteUser, known, role, done);
    }

    /// <summary>By the user itself or an admin. Ends every login of that user, this one too, and unlocks.</summary>
    public ValueTask<Outcome> ChangePasswordAsync(Caller caller, string name, Role role, ReadOnlyMemory<byte> password, CancellationToken cancel) =>
        ChangePasswordAsync(caller, name, role, password, KeyServices.None, cancel);

    /// <summary>The same, and the user's public key no longer serves what is named.</summary>
    public async ValueTask<Outcome> ChangePasswordAsync(Caller caller, string name, Role role, ReadOnlyMemory<byte> password, KeyServices withdrawn, CancellationToken cancel)
    {
        (AuditSubject who, string? known) = (caller.Subject, KnownUser(name, role));
        Login? login = _parts.Logins.Current(caller);
        bool own = login is not null && login.Role == role && role != Role.Admin && string.Equals(login.Name, name, StringComparison.OrdinalIgnoreCase);
        Outcome permitted = _parts.Gate.Admit(caller, own ? Permission.ChangeOwnPassword : Permission.ChangePasswords, out Approval? approval);
        Outcome done = permitted.IsOk ? (await _parts.Accounts.ChangePasswordAsync(name, role, password, withdrawn, cancel).ConfigureAwait(false)).WithoutValue() : permitted;
        approval?.End(done.Cause);
        return NoteUser(caller, who, AuditOperation.ChangePassword, known, role, done);
    }

    /// <summary>What an admin has set; for anyone who is logged in.</summary>
    public Outcome<ClusterSettings> GetSettings(Caller caller)
    {
        Outcome permitted = Permissions.Check(_parts.Logins.Current(caller), Permission.ReadSettings);
        return permitted.IsOk ? _state.Settings : permitted.Cause;
    }

    /// <summary>By an admin.</summary>
    public async ValueTask<Outcome> SetSettingsAsync(Caller caller, ClusterSettings settings, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome done = Permissions.Check(_parts.Logins.Current(caller), Permission.ChangeSettings);
        if (done.IsOk)
        {
            done = await _store.Committer.TryAsync(_ => Proposal.Write(Outcome.Ok, Change.Put(ClusterSettings.Path, settings.Write())), cancel).ConfigureAwait(false);
        }

        string detail = settings.Pkcs1Decryption ? "pkcs1-decryption=on" : "pkcs1-decryption=off";
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.ChangeSetting, Subject = who, Detail = detail, Result = done.Rv });
        return done;
    }

    /// <summary>A page of the users, by name and role.</summary>
    /// <param name="after">Empty, or the last name of the page before; a page never ends between two users of one name.</param>
    public UserPage ListUsers(string after)
    {
        List<UserSummary> users = [.. _state.Users.All
            .Where(user => string.CompareOrdinal(user.Name, after) > 0)
            .OrderBy(user => user.Name, StringComparer.Ordinal)
            .ThenBy(user => user.Role)
            .Select(user => new UserSummary(user.Name, user.Role, user.Locked, user.MultiFactor, user.Approves))];
        int count = Math.Min(users.Count, UsersPerPage);
        while (count < users.Count && count > 1 && users[count].Name == users[count - 1].Name)
        {
            count--;
        }

        return new UserPage(users.GetRange(0, count), count < users.Count);
    }

    public ClusterInfo GetClusterInfo() => new(_options.Cluster, _options.Hsm, _state.Users.IsActive, Mode, _options.FipsProvider);

    /// <summary>What this HSM has counted, in short. strongroom_operations_total is exact.</summary>
    public IReadOnlyList<Counter> ReadCounters() => [.. _counters.Read(), .. ReadState()];

    /// <summary>The same for /metrics: also by user, and refusals by code.</summary>
    public IReadOnlyList<Counter> ReadMetrics() => [.. _counters.ReadByUser(), .. ReadState()];

    /// <summary>How long operations took inside this HSM, by use and mechanism, and how long searches did.</summary>
    public IReadOnlyList<Histogram> ReadLatencies() => [.. _counters.ReadLatencies(), _finds.Read("strongroom_find_seconds", "")];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (Caller caller in _parts.Instances.All)
        {
            _parts.Sessions.CloseAll(caller);
        }

        _parts.Dispose();
        if (_log is not null)
        {
            await _log.DisposeAsync().ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private IEnumerable<Counter> ReadState() =>
    [
        .. _log is null ? [] : AuditCounters.Of(_log.ReadStatus()),
        new Counter("strongroom_logins_total{result=\"ok\"}", (ulong)Interlocked.Read(ref _loginsDone)),
        new Counter("strongroom_logins_total{result=\"refused\"}", (ulong)Interlocked.Read(ref _loginsRefused)),
        new Counter("strongroom_users", (ulong)_state.Users.Count, IsGauge: true),
        new Counter("strongroom_users_max", Accounts.MaxUsers, IsGauge: true),
        new Counter("strongroom_keys", (ulong)_state.Objects.Count, IsGauge: true),
        new Counter("strongroom_sessions", (ulong)_parts.Budget.Sessions.Count, IsGauge: true),
        new Counter("strongroom_session_objects", (ulong)_parts.Budget.Objects.Count, IsGauge: true),
        new Counter("strongroom_open_operations", (ulong)_parts.Budget.Operations.Count, IsGauge: true),
        new Counter("strongroom_instances", (ulong)_parts.Instances.All.Count, IsGauge: true),
        new Counter("strongroom_live_keys", (ulong)_parts.Live.Count, IsGauge: true),
    ];

    // Instances that left, and tombstones that are too old. A store that stopped ends it; Fault tells why.
    private async Task SweepAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(SweepEvery, _options.Clock);
        while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false))
        {
            _parts.Instances.Sweep();
            await RemoveTombstonesAsync(cancel).ConfigureAwait(false);
        }
    }

    // A refusal that passes (a full disk) is tried again at the next sweep.
    private async ValueTask RemoveTombstonesAsync(CancellationToken cancel)
    {
        Outcome removed = Outcome.Ok;
        while (removed.IsOk && _state.ExpiredTombstones(Committer.ChangesPerProposal) is { Count: > 0 } expired)
        {
            removed = await _store.Committer.TryAsync(_ => Proposal.Write(Outcome.Ok, [.. expired.Select(Change.Delete)]), cancel).ConfigureAwait(false);
        }
    }

    private async Task<Exception> WatchAsync()
    {
        Task[] ends = _log is null ? [_store.Stopped, _sweeping] : [_store.Stopped, _sweeping, _log.Broken];
        Task first = await Task.WhenAny(ends).ConfigureAwait(false);
        return first == _sweeping && _sweeping.Exception is { } broken ? broken.GetBaseException()
            : _log is not null && first == _log.Broken ? await _log.Broken.ConfigureAwait(false)
            : await _store.Stopped.ConfigureAwait(false);
    }

    // The module's parts, wired once.
    private sealed class Parts : IDisposable
    {
        public Parts(Module module, ClusterKeys keys, LiveKeys live)
        {
            ClusterState state = module._state;
            Committer committer = module._store.Committer;
            TimeProvider wall = module._options.Clock;
            var clock = new Clock(wall, module._options.BootClock);
            Live = live;
            SealedKeys = new SealedKeys(keys);
            Handles = new HandleSource(keys);
            Tickets = new Tickets(keys, clock);
            Logins = new Logins(state.Users, live.Forget);
            Sessions = new SessionTable(Logins, live.Forget);
            Instances = new Instances(module._options.BootClock, Sessions, Budget, live.Forget);
            Tokens = new ApprovalTokens(module._options.Cluster, module._options.Hsm, Logins, module._options.BootClock);
            Gate = new QuorumGate(state, Logins, Tokens);
            Ring = new KeyRing(state.Objects, Logins, Gate, SealedKeys, live);
            KeyRing ring = Ring;
            Quorum = new QuorumKeeper(state, committer);
            Mtls = new MtlsKeeper(state, committer);
            Accounts = new Accounts(state, committer, module.Mode, clock);
            Gatekeeper = new Gatekeeper(Logins, Accounts, new SlowedSources(module._options.BootClock, wall), state.Users, Gate, Tickets, clock);
            Keeper = new ObjectKeeper(state.Objects, state.Recent, Handles, ring, Logins, committer, live, clock);
            Sharing = new KeySharing(ring, state.Users, committer);
            Maker = new KeyMaker(ring, Keeper, Sharing, SealedKeys, Logins, module.Mode);
            Finder = new Finder(state.Objects, Logins);
            Reader = new AttributeReader(ring, module._journal);
            Statements = new KeyStatements(ring);
            Search = new KeySearch(Finder, Reader);
            Operations = new KeyOperations(ring, Logins, new OracleGuard(wall, () => state.Settings), module._counters, module._journal, module.Mode);
        }

        public Budget Budget { get; } = new();

        public LiveKeys Live { get; }

        public Logins Logins { get; }

        public ApprovalTokens Tokens { get; }

        public QuorumGate Gate { get; }

        public KeyRing Ring { get; }

        public QuorumKeeper Quorum { get; }

        public MtlsKeeper Mtls { get; }

        public SessionTable Sessions { get; }

        public Instances Instances { get; }

        public Accounts Accounts { get; }

        public Gatekeeper Gatekeeper { get; }

        public ObjectKeeper Keeper { get; }

        public KeySharing Sharing { get; }

        public KeyMaker Maker { get; }

        public Finder Finder { get; }

        public AttributeReader Reader { get; }

        public KeyStatements Statements { get; }

        public KeySearch Search { get; }

        public KeyOperations Operations { get; }

        private SealedKeys SealedKeys { get; }

        private HandleSource Handles { get; }

        private Tickets Tickets { get; }

        public void Dispose()
        {
            Live.Dispose();
            SealedKeys.Dispose();
            Handles.Dispose();
            Tickets.Dispose();
        }
    }
}
