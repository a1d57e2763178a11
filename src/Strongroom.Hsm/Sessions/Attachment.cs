namespace Strongroom.Hsm;

/// <summary>What came of an instance proving its key on a new connection.</summary>
/// <param name="Caller">The instance's state, shared by all its connections; give it back with <see cref="Module.Detach"/>.</param>
/// <param name="LoggedIn">Whether the instance is logged in now.</param>
/// <param name="TicketCause">Why the ticket that was shown is no longer good; else null.</param>
public sealed record Attachment(Caller Caller, bool LoggedIn, Cause? TicketCause);
