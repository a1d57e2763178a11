namespace Strongroom.Hsm;

/// <summary>A live token as anyone who is logged in may list it.</summary>
/// <param name="User">Who generated it.</param>
/// <param name="Role">In which role.</param>
/// <param name="Service">What it is for.</param>
/// <param name="Key">For the services of keys, the key.</param>
/// <param name="Required">Approvals that it takes.</param>
/// <param name="Approvals">Valid approvals that were shown with it.</param>
/// <param name="Left">How long it is still good for.</param>
public sealed record QuorumTokenInfo(string User, Role Role, QuorumService Service, ObjectHandle Key, int Required, int Approvals, TimeSpan Left);
