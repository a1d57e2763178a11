using Strongroom.Audit;
using Strongroom.Hsm.Audit;

namespace Strongroom.Hsm;

// Logins that take a signature beside the password.
public sealed partial class Module
{
    /// <summary>32 bytes for a user to sign, to log in with; for anybody and any name.</summary>
    public Outcome<ReadOnlyMemory<byte>> BeginMfaLogin(Caller caller, LoginType type, string name) => _parts.Gatekeeper.BeginMfaLogin(caller, type, name);

    /// <summary>A login by "user:password" and a signature over a challenge that this instance was given.</summary>
    public async ValueTask<Outcome<Ticket>> LoginWithMfaAsync(Caller caller, LoginType type, ReadOnlyMemory<byte> pin, ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> signature, CancellationToken cancel)
    {
        Outcome<Ticket> done = await _parts.Gatekeeper.LoginWithMfaAsync(caller, type, pin, challenge, signature, cancel).ConfigureAwait(false);
        NoteLogin(caller, type, pin, done.Rv);
        return done;
    }

    /// <summary>32 bytes for a user to sign with the key that shall be its second factor; by the user or an admin.</summary>
    public Outcome<ReadOnlyMemory<byte>> BeginMfaRegistration(Caller caller, string name, Role role) => _parts.Gatekeeper.BeginMfaRegistration(caller, name, role);

    /// <summary>Turns a user's second factor on or off; by the user or an admin. All logins of the user end but the caller's own.</summary>
    public async ValueTask<Outcome> ChangeMfaAsync(Caller caller, string name, Role role, MfaChange change, CancellationToken cancel)
    {
        (AuditSubject who, string? known) = (caller.Subject, KnownUser(name, role));
        return NoteUser(caller, who, AuditOperation.ChangeMfa, known, role, await _parts.Gatekeeper.ChangeMfaAsync(caller, name, role, change, cancel).ConfigureAwait(false));
    }
}
