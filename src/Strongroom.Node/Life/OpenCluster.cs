using System.Formats.Cbor;
using System.Text;
using Strongroom.Audit;
using Strongroom.Crypto;
using Strongroom.Hsm;
using Strongroom.Hsm.Audit;
using Strongroom.Node.Birth;
using Strongroom.Node.State;
using Strongroom.Node.Trust;
using Strongroom.Store;
using Strongroom.Store.Anchors;
using Strongroom.Store.Backups;
using Strongroom.Store.Commits;
using Strongroom.Store.Sqlite;

namespace Strongroom.Node.Life;

/// <summary>A cluster's module on its opened and verified store, owned by this HSM's life.</summary>
internal sealed class OpenCluster : IAsyncDisposable
{
    private const string AnchorItem = "anchor";
    private const string AuditItem = "audit";
    private const string AcceptanceItem = "acceptance.sealed";

    private readonly ClusterIdentity _identity;
    private readonly SealedStore _store;

    private OpenCluster(StateDirectory state, ClusterIdentity identity, SealedStore store, Module module)
    {
        AuditFolder = state.File(AuditItem);
        _identity = identity;
        _store = store;
        Module = module;
    }

    /// <summary>Only programs that were installed to measure what the log costs keep none: a switch of their own runtime configuration, which no setting and no environment reaches.</summary>
    public static bool KeepsNoLog => AppContext.TryGetSwitch("Strongroom.NoAuditLog", out var off) && off;

    /// <summary>The module.</summary>
    public Module Module { get; }

    /// <summary>Where its audit log is.</summary>
    public string AuditFolder { get; }

    /// <summary>The cluster's keys and certificates.</summary>
    public ClusterIdentity Identity => _identity;

    /// <summary>Completes with the reason when nothing may be served any more.</summary>
    public Task<Exception> Broken => Module.Fault;

    /// <summary>A new cluster: its first records, head and anchor.</summary>
    /// <returns>the cluster, and the one-time code that activates it</returns>
    public static async Task<(OpenCluster Cluster, string Code)> CreateAsync(
        StateDirectory state, RootKey root, HardwareIdentity hardware, ClusterIdentity identity, ClusterMode mode, TimeProvider clock, Action<string> notice, CancellationToken cancel)
    {
        state.Remove(AnchorItem); // of an interrupted birth
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(state.Hsm.Store))!);
        SealedStore? opened = null;
        using var anchorKey = root.Derive(AnchorItem);
        var birth = await Module.CreateAsync(Options(state, hardware, identity, clock, notice), mode, OpenNewAsync, identity.Keys, cancel).ConfigureAwait(false);
        return (new OpenCluster(state, identity, opened!, birth.Module), birth.Code);

        async Task<SealedStore> OpenNewAsync(IRecordConsumer consumer, CancellationToken token)
        {
            SqliteStore.Create(state.Hsm.Store);
            var store = await SqliteStore.OpenAsync(state.Hsm.Store, new SqliteStoreOptions(), token).ConfigureAwait(false);
            await SealedStore.CreateAsync(store, identity.Keys, token).ConfigureAwait(false);
            var anchor = Anchor.Create(state.File(AnchorItem), anchorKey, identity.Cluster, new HsmId(state.Hsm.Hsm));
            return opened = await SealedStore.OpenAsync(store, identity.Keys, anchor, consumer, token).ConfigureAwait(false);
        }
    }

    /// <summary>A cluster that was born before: everything is read and verified against head and anchor.</summary>
    /// <exception cref="StoreException">the store is not what this HSM left, or can't be read</exception>
    public static async Task<OpenCluster> OpenAsync(
        StateDirectory state, RootKey root, HardwareIdentity hardware, ClusterIdentity identity, TimeProvider clock, Action<string> notice, CancellationToken cancel)
    {
        SealedStore? opened = null;
        using var anchorKey = root.Derive(AnchorItem);
        var decision = ReadAcceptance(state, root);
        var module = await Module.OpenAsync(Options(state, hardware, identity, clock, notice), OpenKnownAsync, identity.Keys, cancel).ConfigureAwait(false);
        var cluster = new OpenCluster(state, identity, opened!, module);
        if (decision is { } made)
        {
            await cluster.RecordAcceptanceAsync(state, made.Accepted, made.Admin).ConfigureAwait(false);
        }

        return cluster;

        async Task<SealedStore> OpenKnownAsync(IRecordConsumer consumer, CancellationToken token) =>
            opened = await OpenStoreAsync(state, anchorKey, identity, consumer, decision?.Accepted, token).ConfigureAwait(false);
    }

    /// <summary>Reads everything, sealed as it is, as it was at one moment.</summary>
    public Task CopyAsync(Func<IReadOnlyList<StoredRecord>, Task> take, CancellationToken cancel) => _store.CopyAsync(take, cancel);

    /// <summary>Makes the store and the anchor of a cluster that comes from a backup.</summary>
    public static async Task FillAsync(StateDirectory state, RootKey root, ClusterId cluster, IAsyncEnumerable<IReadOnlyList<StoredRecord>> pages, ulong epoch, CancellationToken cancel)
    {
        state.Remove(AnchorItem, AcceptanceItem); // of an interrupted restore
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(state.Hsm.Store))!);
        SqliteStore.Create(state.Hsm.Store);
        var store = await SqliteStore.OpenAsync(state.Hsm.Store, new SqliteStoreOptions(), cancel).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await StoreCopy.WriteAsync(store, pages, cancel).ConfigureAwait(false);
        }

        using var anchorKey = root.Derive(AnchorItem);
        Anchor.CreateForBackup(state.File(AnchorItem), anchorKey, cluster, new HsmId(state.Hsm.Hsm), epoch).Dispose();
    }

    /// <summary>Whether enough admins say so in a store that the anchor does not agree with. Nothing is written.</summary>
    public static async Task<Outcome> ProveAdminsAsync(
        StateDirectory state, RootKey root, ClusterIdentity identity, Acceptance asked, IReadOnlyList<AdminWord> words, TimeProvider clock, CancellationToken cancel)
    {
        using var anchorKey = root.Derive(AnchorItem);
        return await Module.ProveAdminsAsync(
            (consumer, token) => OpenStoreAsync(state, anchorKey, identity, consumer, asked, token), words, asked.Statement(identity.Cluster), clock, cancel).ConfigureAwait(false);
    }

    /// <summary>Keeps the admins' decision; the next opening acts on it, also after a crash.</summary>
    public static void KeepAcceptance(StateDirectory state, RootKey root, Acceptance accepted, string admins)
    {
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteStartArray(2);
        cbor.WriteByteString(accepted.Encode());
        cbor.WriteTextString(admins);
        cbor.WriteEndArray();
        state.WriteSealed(root, AcceptanceItem, cbor.Encode());
    }

    public async ValueTask DisposeAsync()
    {
        await Module.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        _identity.Dispose();
    }

    private static async Task<SealedStore> OpenStoreAsync(StateDirectory state, SecretBuffer anchorKey, ClusterIdentity identity, IRecordConsumer consumer, Acceptance? accepted, CancellationToken cancel)
    {
        var anchor = Anchor.Open(state.File(AnchorItem), anchorKey, identity.Cluster, new HsmId(state.Hsm.Hsm));
        SqliteStore store;
        try
        {
            store = await SqliteStore.OpenAsync(state.Hsm.Store, new SqliteStoreOptions(), cancel).ConfigureAwait(false);
        }
        catch
        {
            anchor.Dispose();
            throw;
        }

        return await SealedStore.OpenAsync(store, identity.Keys, anchor, consumer, cancel, accepted).ConfigureAwait(false);
    }

    private static (Acceptance Accepted, string Admin)? ReadAcceptance(StateDirectory state, RootKey root)
    {
        if (!state.Has(AcceptanceItem))
        {
            return null;
        }

        using var item = state.ReadSealed(root, AcceptanceItem);
        try
        {
            var reader = new CborReader(item.Span.ToArray(), CborConformanceMode.Canonical);
            reader.ReadStartArray();
            return (Acceptance.Parse(reader.ReadByteString()), reader.ReadTextString());
        }
        catch (Exception e) when (e is FormatException or CborContentException or InvalidOperationException)
        {
            throw new StateException($"{state.File(AcceptanceItem)} has a form of another version: {e.Message}", e);
        }
    }

    // The decision is kept until the log has it: whenever the process ends, the next one goes on here.
    private async Task RecordAcceptanceAsync(StateDirectory state, Acceptance accepted, string admins)
    {
        if (state.ReadText(ClusterIdentity.RestoredItem) is { Length: > 0 } restored)
        {
            await Module.RecordAsync(AuditOperation.RestoreEnd, restored).ConfigureAwait(false);
        }

        var before = accepted.IsOfBackup ? "a restored backup" : $"the anchor at {accepted.Anchor}";
        await Module.AcceptStoreAsync(admins.Split(", "), $"the store at {accepted.Head} after {before}").ConfigureAwait(false);
        state.Remove(AcceptanceItem, ClusterIdentity.RestoredItem);
    }

    private static ModuleOptions Options(StateDirectory state, HardwareIdentity hardware, ClusterIdentity identity, TimeProvider clock, Action<string> notice)
    {
        var folder = state.File(AuditItem);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // Whoever has a copy of the folder can verify it. Not written again at each start: that would need room on a full disk.
        var certificates = Path.Combine(folder, LogFiles.Certificates);
        var text = Encoding.UTF8.GetBytes($"{hardware.OwnerCertificate}\n{hardware.ManufacturerCertificate}");
        if (!File.Exists(certificates) || !File.ReadAllBytes(certificates).AsSpan().SequenceEqual(text))
        {
            DurableFile.Write(certificates, text);
        }

        var options = state.Hsm.Audit.ToOptions(folder, identity.Cluster.Value, state.Hsm.Hsm, clock, notice);
        return new(identity.Cluster.Value, state.Hsm.Hsm) { Clock = clock, FipsProvider = SelfTests.FipsProvider, Audit = KeepsNoLog ? null : new AuditSetup(options, hardware.AuditSigner) };
    }
}
