using Strongroom.Crypto;
using Strongroom.Store.Anchors;
using Strongroom.Store.Commits;
using Strongroom.Store.Sealing;
using Strongroom.Store.Sqlite;

namespace Strongroom.Store.Tests;

/// <summary>A cluster's keys, store and state directories in a folder, as HSM processes would have them.</summary>
internal sealed class TestCluster : IDisposable
{
    public static readonly ClusterId Id = new("cluster-testtesttes");

    public TestFolder Folder { get; }

    public ClusterKeys Keys { get; } = new(Id);

    public SecretBuffer AnchorKey { get; } = SecretBuffer.CopyOf(Enumerable.Repeat((byte)0x5a, 32).ToArray());

    public string Database => Folder.File("store.db");

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public TestCluster(string? folder = null)
    {
        Folder = new(folder);
        Keys.Add(1, SecretBuffer.CopyOf(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
    }

    public string AnchorPath(string hsm) => Folder.File($"anchor-{hsm}");

    public Anchor OpenAnchor(string hsm = "hsm-a") =>
        File.Exists(AnchorPath(hsm)) ? Anchor.Open(AnchorPath(hsm), AnchorKey, Id, new(hsm)) : Anchor.Create(AnchorPath(hsm), AnchorKey, Id, new(hsm));

    /// <summary>Makes the SQLite store and its first head.</summary>
    public async Task BearAsync()
    {
        SqliteStore.Create(Database);
        await using var store = await SqliteStore.OpenAsync(Database, new(), Cancel);
        await SealedStore.CreateAsync(store, Keys, Cancel);
    }

    public async Task<SealedStore> OpenAsync(IRecordConsumer consumer, string hsm = "hsm-a", SqliteStoreOptions? options = null) =>
        await OpenAsync(await SqliteStore.OpenAsync(Database, options ?? new(), Cancel), consumer, hsm);

    public async Task<SealedStore> OpenAsync(IStore store, IRecordConsumer consumer, string hsm = "hsm-a") =>
        await SealedStore.OpenAsync(store, Keys, OpenAnchor(hsm), consumer, Cancel);

    public void Dispose()
    {
        Keys.Dispose();
        AnchorKey.Dispose();
        Folder.Dispose();
    }
}
