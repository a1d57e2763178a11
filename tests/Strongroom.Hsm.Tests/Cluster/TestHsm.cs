using System.Text;
using Strongroom.Crypto;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;
using Strongroom.Store;
using Strongroom.Store.Anchors;
using Strongroom.Store.Commits;
using Strongroom.Store.Sealing;
using Strongroom.Store.Sqlite;

namespace Strongroom.Hsm.Tests.Cluster;

/// <summary>A cluster of one HSM over a real SQLite store in a folder of its own. Only time is not real, where a test asks for that.</summary>
internal sealed class TestHsm : IAsyncDisposable
{
    public const string ClusterName = "cluster-testtesttes";
    public const string HsmName = "hsm-testtesttes";
    public const string AdminPassword = "admin-password";
    public const string UserPassword = "user-password";

    private readonly string _folder = Directory.CreateTempSubdirectory("strongroom-hsm-").FullName;
    private readonly SecretBuffer _anchorKey = SecretBuffer.Random(32);
    private SealedStore? _store;

    private TestHsm() => Keys.Add(1, SecretBuffer.Random(ClusterKeys.KeyLength));

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ClusterKeys Keys { get; } = new(new ClusterId(ClusterName));

    public TestClock Clock { get; } = new();

    public TestBootClock BootClock { get; } = new();

    public Module Module { get; private set; } = null!;

    /// <summary>The birth's one-time code.</summary>
    public string Code { get; private set; } = "";

    /// <summary>No commit finds room while this is set.</summary>
    public bool DiskIsFull { get; set; }

    public string Database => Path.Combine(_folder, "store.db");

    private ModuleOptions Options => new(ClusterName, HsmName) { Clock = Clock, BootClock = BootClock };

    /// <summary>A cluster that nobody has activated yet.</summary>
    public static async Task<TestHsm> BearAsync(ClusterMode mode = ClusterMode.NonFips)
    {
        var hsm = new TestHsm();
        SqliteStore.Create(hsm.Database);
        await using (SqliteStore store = await SqliteStore.OpenAsync(hsm.Database, new(), Cancel))
        {
            await SealedStore.CreateAsync(store, hsm.Keys, Cancel);
        }

        ClusterBirth birth = await Module.CreateAsync(hsm.Options, mode, hsm.OpenStoreAsync, hsm.Keys, Cancel);
        (hsm.Module, hsm.Code) = (birth.Module, birth.Code);
        return hsm;
    }

    /// <summary>An active cluster with the admin "admin" and crypto-users of the given names.</summary>
    public static async Task<TestHsm> StartAsync(params string[] users)
    {
        TestHsm hsm = await BearAsync();
        var nobody = new TestInstance();
        nobody.Attach(hsm.Module);
        Assert.Equal(Outcome.Ok, await hsm.Module.ActivateAsync(nobody.Caller, Bytes(hsm.Code), Bytes(AdminPassword), Cancel));
        TestInstance admin = await hsm.AdminAsync();
        foreach (string user in users)
        {
            Assert.Equal(Outcome.Ok, await hsm.Module.CreateUserAsync(admin.Caller, user, Role.CryptoUser, Bytes(UserPassword), Cancel));
        }

        return hsm;
    }

    /// <summary>Closes the module and the store and opens them again, as a restarted process does.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        Module = await Module.OpenAsync(Options, OpenStoreAsync, Keys, Cancel);
    }

    public TestInstance Nobody()
    {
        var instance = new TestInstance();
        instance.Attach(Module);
        return instance;
    }

    public async Task<TestInstance> AdminAsync() => await LoginAsync(LoginType.SecurityOfficer, $"admin:{AdminPassword}");

    public async Task<TestInstance> UserAsync(string name) => await LoginAsync(LoginType.User, $"{name}:{UserPassword}");

    /// <summary>An appliance user, logged in. No operation makes one and no client logs in as one: it is what another HSM of the cluster would be.</summary>
    public async Task<TestInstance> ApplianceAsync()
    {
        var user = new UserRecord(new UserId(0xA0), "app_user", Role.ApplianceUser, default, 1);
        await _store!.Committer.CommitAsync(_ => Proposal.Write(true, Change.Put(user.Path, user.Write())), Cancel);
        TestInstance instance = Nobody();
        Logins.Begin(instance.Caller, new Login(user.Id, user.Name, user.Role, user.Generation, default));
        Assert.True(Module.ListQuorumTokens(instance.Caller).IsOk);
        return instance;
    }

    public async Task<TestInstance> LoginAsync(LoginType type, string pin)
    {
        TestInstance instance = Nobody();
        Outcome<Ticket> ticket = await Module.LoginAsync(instance.Caller, type, Bytes(pin), Cancel);
        Assert.Equal(Outcome.Ok, ticket.WithoutValue());
        return instance;
    }

    public async Task<Outcome> TryLoginAsync(string pin, LoginType type = LoginType.User) =>
        (await Module.LoginAsync(Nobody().Caller, type, Bytes(pin), Cancel)).WithoutValue();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Keys.Dispose();
        _anchorKey.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private async Task CloseAsync()
    {
        await Module.DisposeAsync();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    private async Task<SealedStore> OpenStoreAsync(Strongroom.Store.Commits.IRecordConsumer consumer, CancellationToken cancel)
    {
        string path = Path.Combine(_folder, "anchor");
        Anchor anchor = File.Exists(path) ? Anchor.Open(path, _anchorKey, new ClusterId(ClusterName), new HsmId(HsmName)) : Anchor.Create(path, _anchorKey, new ClusterId(ClusterName), new HsmId(HsmName));
        return _store = await SealedStore.OpenAsync(new FullableStore(await SqliteStore.OpenAsync(Database, new(), cancel), () => DiskIsFull), Keys, anchor, consumer, cancel);
    }
}
