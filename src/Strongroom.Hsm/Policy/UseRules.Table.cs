using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Policy;

/// <summary>
/// The uses of keys. Flags: PKCS#11 3.2, section 4 ("key objects"). Standing: the AWS CloudHSM user guide on shared keys: a user with whom a key is shared encrypts, decrypts, signs, verifies and
/// wraps other keys under it, and can't derive from it, export it or change it. Public keys are every crypto-user's to encrypt, verify and wrap with.
/// Approvals: its guide on quorum: wrapping and unwrapping are management; every other use of a key that takes approvals is usage (AWS names signing, the only one that its CLI offers).
/// </summary>
internal static partial class UseRules
{
    private static UseRule[] Rows =>
    [
        new(Use.Encrypt,       ObjectFlags.Encrypt,       Causes.KeyUnknown,           Standing.Public, QuorumService.KeyUsage),
        new(Use.Decrypt,       ObjectFlags.Decrypt,       Causes.KeyUnknown,           Standing.Shared, QuorumService.KeyUsage),
        new(Use.Sign,          ObjectFlags.Sign,          Causes.KeyUnknown,           Standing.Shared, QuorumService.KeyUsage),
        new(Use.Verify,        ObjectFlags.Verify,        Causes.KeyUnknown,           Standing.Public, QuorumService.KeyUsage),
        new(Use.SignRecover,   ObjectFlags.SignRecover,   Causes.KeyUnknown,           Standing.Shared, QuorumService.KeyUsage),
        new(Use.VerifyRecover, ObjectFlags.VerifyRecover, Causes.KeyUnknown,           Standing.Public, QuorumService.KeyUsage),
        new(Use.Wrap,          ObjectFlags.Wrap,          Causes.WrappingKeyUnknown,   Standing.Public, QuorumService.KeyManagement),
        new(Use.Unwrap,        ObjectFlags.Unwrap,        Causes.UnwrappingKeyUnknown, Standing.Shared, QuorumService.KeyManagement),
        new(Use.Derive,        ObjectFlags.Derive,        Causes.KeyUnknown,           Standing.Owner,  QuorumService.KeyUsage),
        new(Use.Encapsulate,   ObjectFlags.Encapsulate,   Causes.KeyUnknown,           Standing.Public, QuorumService.KeyUsage),
        new(Use.Decapsulate,   ObjectFlags.Decapsulate,   Causes.KeyUnknown,           Standing.Shared, QuorumService.KeyUsage),

        // C_DigestKey: no attribute of its own in the standard; a digest of a key that may not leave would tell it to a dictionary.
        new(Use.Digest,        ObjectFlags.Extractable,   Causes.KeyUnknown,           Standing.Owner,  QuorumService.KeyUsage),
    ];
}
