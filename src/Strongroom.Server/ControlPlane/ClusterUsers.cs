using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Server.ControlPlane;

/// <summary>The users of one cluster, managed as one of them. Made by <see cref="LoginAsync"/>, or without a login by <see cref="AnonymousAsync"/>.</summary>
internal sealed class ClusterUsers : IAsyncDisposable
{
    private readonly HsmClient _client;

    private ClusterUsers(HsmClient client) => _client = client;

    /// <summary>Without a login only <see cref="ListAsync"/> is served.</summary>
    public static async Task<ClusterUsers> AnonymousAsync(ClusterControl clusters, ClusterRecord cluster, CancellationToken cancel) =>
        new(await clusters.ConnectAsync(cluster, cancel).ConfigureAwait(false));

    public static async Task<ClusterUsers> LoginAsync(ClusterControl clusters, ClusterRecord cluster, Role role, string name, ReadOnlyMemory<byte> password, CancellationToken cancel)
    {
        var client = await clusters.ConnectAsync(cluster, cancel).ConfigureAwait(false);
        try
        {
            await client.LoginAsync(role == Role.Admin ? UserType.So : UserType.User, name, password, cancel).ConfigureAwait(false);
            return new ClusterUsers(client);
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<UserDescription[]> ListAsync(CancellationToken cancel) =>
        [.. (await _client.ListUsersAsync(cancel).ConfigureAwait(false)).Select(user => new UserDescription(user.Name, RoleName.Of((Role)user.Role), user.Locked))];

    public Task CreateAsync(string name, Role role, ReadOnlyMemory<byte> password, CancellationToken cancel) => _client.CreateUserAsync(name, role, password, cancel);

    public Task DeleteAsync(string name, Role role, CancellationToken cancel) => _client.DeleteUserAsync(name, role, cancel);

    public Task ChangePasswordAsync(string name, Role role, ReadOnlyMemory<byte> password, CancellationToken cancel) => _client.ChangePasswordAsync(name, role, password, cancel);

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
