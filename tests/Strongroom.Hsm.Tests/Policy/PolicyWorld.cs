using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Tests.Cluster;
using Strongroom.Hsm.Users;
using Strongroom.Store;
using Strongroom.Store.Sealing;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>The authorisation point over objects that a test makes as it likes, shares and flags included, with one caller of each standing.</summary>
internal sealed class PolicyWorld : IDisposable
{
    private readonly ClusterKeys _keys = new(new ClusterId(TestHsm.ClusterName));
    private readonly LiveKeys _live = new(64);
    private readonly SealedKeys _sealed;
    private readonly ClusterState _state;
    private readonly UserTable _users;
    private readonly TokenObjects _objects;
    private readonly Dictionary<string, Caller> _callers = [];
    private ulong _handles;

    public PolicyWorld()
    {
        _keys.Add(1, SecretBuffer.Random(ClusterKeys.KeyLength));
        _sealed = new SealedKeys(_keys);
        _state = new ClusterState(_live, new Clock(TimeProvider.System, BootClock));
        (_users, _objects) = (_state.Users, _state.Objects);
        Logins = new Logins(_users, _live.Forget);
        Tokens = new ApprovalTokens(TestHsm.ClusterName, TestHsm.HsmName, Logins, BootClock);
        Gate = new QuorumGate(_state, Logins, Tokens);
        Ring = new KeyRing(_objects, Logins, Gate, _sealed, _live);
        _callers["nobody"] = new Caller(default, new Budget());
        AddUser("admin", 1, Role.Admin);
        AddUser("appliance", 2, Role.ApplianceUser);
        AddUser("owner", 3, Role.CryptoUser);
        AddUser("shared", 4, Role.CryptoUser);
        AddUser("other", 5, Role.CryptoUser);
        AddUser("unactivated", 6, Role.UnactivatedAdmin);
    }

    public TestBootClock BootClock { get; } = new();

    public KeyRing Ring { get; }

    public QuorumGate Gate { get; }

    public ApprovalTokens Tokens { get; }

    public Logins Logins { get; }

    public Caller this[string caller] => _callers[caller];

    /// <summary>A key of "owner", shared with "shared".</summary>
    public HsmObject AddKey(ObjectClass objectClass, ObjectFlags flags, params RawAttribute[] attributes)
    {
        KeyMaterial material = objectClass == ObjectClass.SecretKey
            ? new SecretKey(KeyType.Aes, SecretBuffer.Random(32))
            : objectClass == ObjectClass.PrivateKey ? Mechanisms.TestKeys.P256.Private : Mechanisms.TestKeys.P256.Public;
        var handle = new ObjectHandle(++_handles);
        var item = new HsmObject
        {
            Handle = handle,
            Class = objectClass,
            KeyType = material.Type,
            Flags = flags,
            Owner = new UserId(3),
            SharedWith = [new UserId(4)],
            Attributes = AttributeBlob.Pack(attributes.ToDictionary(attribute => attribute.Type, attribute => attribute.Value)),
            Sealed = _sealed.Seal(handle, material),
        };
        _objects.Put(item);
        return item;
    }

    public HsmObject AddCertificate(ObjectFlags flags)
    {
        var item = new HsmObject
        {
            Handle = new ObjectHandle(++_handles),
            Class = ObjectClass.Certificate,
            KeyType = null,
            Flags = flags,
            Owner = new UserId(3),
            Attributes = AttributeBlob.Empty,
        };
        _objects.Put(item);
        return item;
    }

    /// <summary>Puts an object in the place of an earlier form of it.</summary>
    public HsmObject Put(HsmObject item)
    {
        _objects.Put(item);
        return item;
    }

    /// <summary>Destroys an object as the store's feed does.</summary>
    public void Destroy(HsmObject item)
    {
        _objects.Remove(item.Handle);
        _live.Forget(item.Handle);
    }

    /// <summary>Changes a user as the store's feed does.</summary>
    public void Change(string name, Func<UserRecord, UserRecord> change) => _users.Put(change(_users.Find(_callers[name].Login!.User)!));

    /// <summary>Keys in the cache.</summary>
    public int LiveKeys => _live.Count;

    public void Dispose()
    {
        _live.Dispose();
        _sealed.Dispose();
        _keys.Dispose();
    }

    private void AddUser(string name, ulong id, Role role)
    {
        _users.Put(new UserRecord(new UserId(id), name, role, default, id));
        var caller = new Caller(default, new Budget());
        Logins.Begin(caller, new Login(new UserId(id), name, role, id, default));
        _callers[name] = caller;
    }
}
