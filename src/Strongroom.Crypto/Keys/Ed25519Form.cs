namespace Strongroom.Crypto;

/// <summary>The variants of Ed25519 in RFC 8032 5.1, and in what form what is signed comes.</summary>
public enum Ed25519Form
{
    /// <summary>Ed25519ctx: the data, with a context of at least one byte.</summary>
    Context,

    /// <summary>Ed25519ph: the data, which is hashed here.</summary>
    Prehash,

    /// <summary>Ed25519ph: SHA-512 of the data, 64 bytes.</summary>
    Digest,
}
