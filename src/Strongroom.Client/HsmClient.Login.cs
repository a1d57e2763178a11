using System.Security.Cryptography;
using System.Text;
using Strongroom.Client.Connections;
using Strongroom.Wire;

namespace Strongroom.Client;

public sealed partial class HsmClient
{
    // One renewal at a time; a caller that finds it taken goes on, since the old ticket is still good.
    private int _renewing;

    /// <summary>Logs the instance in, for all its sessions.</summary>
    /// <param name="role">So for an admin, User for a crypto-user</param>
    /// <param name="user">the user's name</param>
    /// <param name="password">UTF-8</param>
    /// <param name="cancel">stops waiting</param>
    public async Task LoginAsync(UserType role, string user, ReadOnlyMemory<byte> password, CancellationToken cancel = default)
    {
        var pin = PinOf(user, password);
        try
        {
            var reply = await CallAsync<LoginRequest, LoginReply>(new((ulong)role, pin), cancel).ConfigureAwait(false);
            _reconnector.Ticket = new LoginTicket(reply.Ticket.ToArray(), TimeSpan.FromSeconds(reply.Lifetime));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pin);
        }
    }

    /// <summary>A challenge for a login of a user with a second factor: 32 bytes, which the user signs as a digest.</summary>
    public async Task<ReadOnlyMemory<byte>> BeginMfaLoginAsync(UserType role, string user, CancellationToken cancel = default) =>
        (await CallAsync<BeginMfaLoginRequest, BeginMfaLoginReply>(new((ulong)role, user), cancel).ConfigureAwait(false)).Challenge;

    /// <summary>Logs the instance in by password and signature.</summary>
    /// <param name="role">So for an admin, User for a crypto-user</param>
    /// <param name="user">the user's name</param>
    /// <param name="password">UTF-8</param>
    /// <param name="challenge">from <see cref="BeginMfaLoginAsync"/></param>
    /// <param name="signature">over it</param>
    /// <param name="cancel">stops waiting</param>
    public async Task LoginWithMfaAsync(
        UserType role, string user, ReadOnlyMemory<byte> password, ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> signature, CancellationToken cancel = default)
    {
        var pin = PinOf(user, password);
        try
        {
            var reply = await CallAsync<LoginWithMfaRequest, LoginWithMfaReply>(new((ulong)role, pin, challenge, signature), cancel).ConfigureAwait(false);
            _reconnector.Ticket = new LoginTicket(reply.Ticket.ToArray(), TimeSpan.FromSeconds(reply.Lifetime));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pin);
        }
    }

    // "user:password"; the caller clears it.
    private static byte[] PinOf(string user, ReadOnlyMemory<byte> password)
    {
        ArgumentNullException.ThrowIfNull(user);
        var prefix = Encoding.UTF8.GetBytes(user + ":");
        var pin = GC.AllocateUninitializedArray<byte>(prefix.Length + password.Length, pinned: true);
        prefix.CopyTo(pin, 0);
        password.Span.CopyTo(pin.AsSpan(prefix.Length));
        return pin;
    }

    /// <summary>Ends the instance's login.</summary>
    public async Task LogoutAsync(CancellationToken cancel = default)
    {
        _reconnector.Ticket = null;
        await CallAsync<LogoutRequest, LogoutReply>(new(), cancel).ConfigureAwait(false);
    }

    // A login lasts as long as its user works, up to the HSM's 24 hours: half way through a ticket's life the next one is fetched.
    private async Task RenewIfAgingAsync(CancellationToken cancel)
    {
        if (_reconnector.Ticket is not { IsAging: true } || Interlocked.Exchange(ref _renewing, 1) == 1)
        {
            return;
        }

        try
        {
            var reply = await SendAsync<RenewTicketRequest, RenewTicketReply>(new(), cancel).ConfigureAwait(false);
            _reconnector.Ticket = new LoginTicket(reply.Ticket.ToArray(), TimeSpan.FromSeconds(reply.Lifetime));
        }
        catch (HsmRefusedException)
        {
            // The login has ended. The call that follows is told so by the HSM, with the cause.
            _reconnector.Ticket = null;
        }
        finally
        {
            Volatile.Write(ref _renewing, 0);
        }
    }
}
