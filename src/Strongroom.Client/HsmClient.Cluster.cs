using Strongroom.Wire;

namespace Strongroom.Client;

public sealed partial class HsmClient
{
    /// <summary>Cluster, HSM, state and mode; without a login.</summary>
    public Task<GetClusterInfoReply> GetClusterInfoAsync(CancellationToken cancel = default) => CallAsync<GetClusterInfoRequest, GetClusterInfoReply>(new(), cancel);

    /// <summary>Sets the first admin's password with the birth's one-time code; the cluster is active from then on.</summary>
    public Task ActivateAsync(ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> password, CancellationToken cancel = default) =>
        CallAsync<ActivateRequest, ActivateReply>(new(code, password), cancel);

    /// <summary>What an admin has set for the cluster.</summary>
    public Task<GetSettingsReply> GetSettingsAsync(CancellationToken cancel = default) => CallAsync<GetSettingsRequest, GetSettingsReply>(new(), cancel);

    /// <summary>Sets it; by an admin.</summary>
    public Task SetSettingsAsync(bool pkcs1Decryption, CancellationToken cancel = default) => CallAsync<SetSettingsRequest, SetSettingsReply>(new(pkcs1Decryption), cancel);

    /// <summary>All users, by name; without a login.</summary>
    public async Task<IReadOnlyList<WireUser>> ListUsersAsync(CancellationToken cancel = default)
    {
        var users = new List<WireUser>();
        while (true)
        {
            var page = await CallAsync<ListUsersRequest, ListUsersReply>(new(users.Count == 0 ? "" : users[^1].Name), cancel).ConfigureAwait(false);
            users.AddRange(page.Users);
            if (!page.More || page.Users.Length == 0)
            {
                return users;
            }
        }
    }

    /// <summary>Creates a user; by an admin.</summary>
    public Task CreateUserAsync(string name, Role role, ReadOnlyMemory<byte> password, CancellationToken cancel = default) =>
        CallAsync<CreateUserRequest, CreateUserReply>(new(name, (ulong)role, password), cancel);

    /// <summary>Deletes a user that owns no keys; by an admin.</summary>
    public Task DeleteUserAsync(string name, Role role, CancellationToken cancel = default) =>
        CallAsync<DeleteUserRequest, DeleteUserReply>(new(name, (ulong)role), cancel);

    /// <summary>A challenge for the key that a user shall have as second factor: 32 bytes, which the key signs as a digest.</summary>
    public async Task<ReadOnlyMemory<byte>> BeginMfaRegistrationAsync(string name, Role role, CancellationToken cancel = default) =>
        (await CallAsync<BeginMfaRegistrationRequest, BeginMfaRegistrationReply>(new(name, (ulong)role), cancel).ConfigureAwait(false)).Challenge;

    /// <summary>Turns a user's second factor on or off; by the user or an admin.</summary>
    public Task ChangeMfaAsync(ChangeMfaRequest change, CancellationToken cancel = default) => CallAsync<ChangeMfaRequest, ChangeMfaReply>(change, cancel);

    /// <summary>Sets a user's password; by the user or an admin. Every login of that user ends.</summary>
    public Task ChangePasswordAsync(string name, Role role, ReadOnlyMemory<byte> password, CancellationToken cancel = default) =>
        ChangePasswordAsync(name, role, password, withdrawApprovals: false, withdrawMultiFactor: false, cancel);

    /// <summary>The same, and the user's registered key serves approvals or multi-factor logins no longer.</summary>
    public Task ChangePasswordAsync(string name, Role role, ReadOnlyMemory<byte> password, bool withdrawApprovals, bool withdrawMultiFactor, CancellationToken cancel = default) =>
        CallAsync<ChangePasswordRequest, ChangePasswordReply>(new(name, (ulong)role, password, withdrawApprovals, withdrawMultiFactor), cancel);
}
