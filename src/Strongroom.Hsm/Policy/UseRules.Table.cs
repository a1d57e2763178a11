using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Policy;

/// <summary>
/// The uses of keys. Flags: PKCS#11 3.2, section 4 ("key objects"). Standing: the AWS CloudHSM user guide on shared keys: a user with whom a key is shared encrypts, decrypts, signs, verifies and
/// wraps other keys under it, and can't derive from it, export it or change it. Public keys are every crypto-user's to encrypt, verify and wrap with.
/// </summary>
internal static partial class UseRules
{
    private static UseRule[] Rows =>
    [
        new(Use.Encrypt,       ObjectFlags.Encrypt,       Causes.KeyUnknown,           Standing.Public),
        new(Use.Decrypt,       ObjectFlags.Decrypt,       Causes.KeyUnknown,           Standing.Shared),
        new(Use.Sign,          ObjectFlags.Sign,          Causes.KeyUnknown,           Standing.Shared),
        new(Use.Verify,        ObjectFlags.Verify,        Causes.KeyUnknown,           Standing.Public),
        new(Use.SignRecover,   ObjectFlags.SignRecover,   Causes.KeyUnknown,           Standing.Shared),
        new(Use.VerifyRecover, ObjectFlags.VerifyRecover, Causes.KeyUnknown,           Standing.Public),
        new(Use.Wrap,          ObjectFlags.Wrap,          Causes.WrappingKeyUnknown,   Standing.Public),
        new(Use.Unwrap,        ObjectFlags.Unwrap,        Causes.UnwrappingKeyUnknown, Standing.Shared),
        new(Use.Derive,        ObjectFlags.Derive,        Causes.KeyUnknown,           Standing.Owner),
        new(Use.Encapsulate,   ObjectFlags.Encapsulate,   Causes.KeyUnknown,           Standing.Public),
        new(Use.Decapsulate,   ObjectFlags.Decapsulate,   Causes.KeyUnknown,           Standing.Shared),

        // C_DigestKey: no attribute of its own in the standard; a digest of a key that may not leave would tell it to a dictionary.
        new(Use.Digest,        ObjectFlags.Extractable,   Causes.KeyUnknown,           Standing.Owner),
    ];
}
