using System.Collections.Concurrent;

namespace Strongroom.Hsm.Users;

/// <summary>The cluster's users in memory. Changed by the store's feed alone, one change at a time; read by all threads.</summary>
internal sealed class UserTable
{
    private readonly ConcurrentDictionary<string, UserRecord> _byPath = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<UserId, UserRecord> _byId = new();

    public int Count => _byPath.Count;

    public IEnumerable<UserRecord> All => _byPath.Values;

    public UserRecord? Find(Role role, string name) => _byPath.GetValueOrDefault(UserRecord.PathOf(role, name));

    public UserRecord? Find(UserId id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether the first admin has set its password.</summary>
    public bool IsActive => _byPath.Values.Any(user => user.Role == Role.Admin);

    public void Put(UserRecord user)
    {
        _byPath[user.Path] = user;
        _byId[user.Id] = user;
    }

    public void Remove(string path)
    {
        // Activation moves a user from one path to another in one commit; the number then already stands for the new record.
        if (_byPath.TryRemove(path, out UserRecord? user))
        {
            _byId.TryRemove(KeyValuePair.Create(user.Id, user));
        }
    }
}
