namespace Strongroom.Hsm.Sessions;

/// <summary>Somebody who is logged in in an instance. Good while the user's credentials are of this generation.</summary>
/// <param name="User">Who.</param>
/// <param name="Name">By which name.</param>
/// <param name="Role">In which role.</param>
/// <param name="Generation">Of the credentials that were shown.</param>
/// <param name="PasswordGiven">When the password itself was shown; tickets are renewed for 24 hours from then.</param>
internal sealed record Login(UserId User, string Name, Role Role, ulong Generation, Moment PasswordGiven);
