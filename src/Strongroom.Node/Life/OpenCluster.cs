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
using Strongroom.Store.Commits;
using Strongroom.Store.Sqlite;

namespace Strongroom.Node.Life;

/// <summary>A cluster's module on its opened and verified store, owned by this HSM's life.</summary>
internal sealed class OpenCluster : IAsyncDisposable
{
    private const string AnchorItem = "anchor";
    private const string AuditItem = "audit";
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
        var module = await Module.OpenAsync(Options(state, hardware, identity, clock, notice), OpenKnownAsync, identity.Keys, cancel).ConfigureAwait(false);
        return new OpenCluster(state, identity, opened!, module);

        async Task<SealedStore> OpenKnownAsync(IRecordConsumer consumer, CancellationToken token)
        {
            var anchor = Anchor.Open(state.File(AnchorItem), anchorKey, identity.Cluster, new HsmId(state.Hsm.Hsm));
            var store = await SqliteStore.OpenAsync(state.Hsm.Store, new SqliteStoreOptions(), token).ConfigureAwait(false);
            return opened = await SealedStore.OpenAsync(store, identity.Keys, anchor, consumer, token).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Module.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        _identity.Dispose();
    }

    private static ModuleOptions Options(StateDirectory state, HardwareIdentity hardware, ClusterIdentity identity, TimeProvider clock, Action<string> notice)
    {
        var folder = state.File(AuditItem);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // Whoever has a copy of the folder can verify it.
        DurableFile.Write(Path.Combine(folder, LogFiles.Certificates), Encoding.UTF8.GetBytes($"{hardware.OwnerCertificate}\n{hardware.ManufacturerCertificate}"));
        var options = state.Hsm.Audit.ToOptions(folder, identity.Cluster.Value, state.Hsm.Hsm, clock, notice);
        return new(identity.Cluster.Value, state.Hsm.Hsm) { Clock = clock, FipsProvider = SelfTests.FipsProvider, Audit = KeepsNoLog ? null : new AuditSetup(options, hardware.AuditSigner) };
    }
}
