using Strongroom.Hsm;
using Strongroom.Wire;
using Role = Strongroom.Hsm.Role;

namespace Strongroom.Node.Data;

/// <summary>Users and what anyone may know of the cluster.</summary>
internal static class Users
{
    private static readonly Cause UnknownRole = new(Rv.ArgumentsBad, "there is no such role");

    public static async ValueTask<Outcome<ActivateReply>> ActivateAsync(Exchange exchange, ActivateRequest request, CancellationToken cancel) =>
        (await exchange.Module.ActivateAsync(exchange.Caller, request.Code, request.Password, cancel).ConfigureAwait(false)).With(new ActivateReply());

    public static async ValueTask<Outcome<CreateUserReply>> CreateAsync(Exchange exchange, CreateUserRequest request, CancellationToken cancel) => TryRole(request.Role, out var role)
        ? (await exchange.Module.CreateUserAsync(exchange.Caller, request.Name, role, request.Password, cancel).ConfigureAwait(false)).With(new CreateUserReply())
        : UnknownRole;

    public static async ValueTask<Outcome<DeleteUserReply>> DeleteAsync(Exchange exchange, DeleteUserRequest request, CancellationToken cancel) => TryRole(request.Role, out var role)
        ? (await exchange.Module.DeleteUserAsync(exchange.Caller, request.Name, role, cancel).ConfigureAwait(false)).With(new DeleteUserReply())
        : UnknownRole;

    public static async ValueTask<Outcome<ChangePasswordReply>> ChangePasswordAsync(Exchange exchange, ChangePasswordRequest request, CancellationToken cancel) => TryRole(request.Role, out var role)
        ? (await exchange.Module.ChangePasswordAsync(exchange.Caller, request.Name, role, request.Password, Withdrawn(request), cancel).ConfigureAwait(false)).With(new ChangePasswordReply())
        : UnknownRole;

    public static Outcome<ListUsersReply> List(Exchange exchange, ListUsersRequest request)
    {
        _ = exchange.Caller;
        var page = exchange.Module.ListUsers(request.After);
        return new ListUsersReply([.. page.Users.Select(u => new WireUser(u.Name, (ulong)u.Role, u.Locked, u.MultiFactor, u.Approves))], page.More);
    }

    public static Outcome<GetClusterInfoReply> GetClusterInfo(Exchange exchange, GetClusterInfoRequest request)
    {
        _ = exchange.Caller;
        var info = exchange.Module.GetClusterInfo();
        return new GetClusterInfoReply(
            info.Cluster,
            info.Hsm,
            (ulong)(info.Active ? HsmState.Active : HsmState.Initialized),
            info.Mode == ClusterMode.Fips ? "FIPS" : "NON_FIPS",
            info.FipsProvider,
            exchange.Peer.Hsm.RootOfTrust,
            Product.Version);
    }

    private static KeyServices Withdrawn(in ChangePasswordRequest request) =>
        (request.WithdrawApprovals ? KeyServices.Approvals : 0) | (request.WithdrawMultiFactor ? KeyServices.MultiFactor : 0);

    private static bool TryRole(ulong number, out Role role)
    {
        role = (Role)number;
        return number is >= (ulong)Role.Admin and <= (ulong)Role.UnactivatedAdmin;
    }
}
