namespace Strongroom.Hsm;

/// <summary>One user's approval of a token.</summary>
/// <param name="User">Who signed.</param>
/// <param name="Role">In which role.</param>
/// <param name="Signature">Over the token, by the user's registered key.</param>
public readonly record struct ApprovalSignature(string User, Role Role, ReadOnlyMemory<byte> Signature);
