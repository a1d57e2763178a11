namespace Strongroom.Hsm;

/// <summary>A change of a user's second factor.</summary>
/// <param name="Key">SubjectPublicKeyInfo of the key that logins shall take a signature of; null: by password alone from now on.</param>
/// <param name="Challenge">With a key: from the beginning of this change.</param>
/// <param name="Signature">With a key: over the challenge, by the key.</param>
/// <param name="ChangeQuorum">The key shall serve approvals too.</param>
/// <param name="Password">A new password with it; null: as it is.</param>
public sealed record MfaChange(ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte> Challenge, ReadOnlyMemory<byte> Signature, bool ChangeQuorum, ReadOnlyMemory<byte>? Password);
