namespace Strongroom.Crypto;

/// <summary>How a signature is made from its input.</summary>
public enum SignatureKind
{
    /// <summary>RSASSA-PKCS1-v1_5. With a digest the input is a hash; without one it is a whole DigestInfo, padded as it comes.</summary>
    Pkcs1,

    /// <summary>RSA without padding; the input is as long as the modulus, and less than it.</summary>
    Raw,

    /// <summary>RSASSA-PSS; the input is a hash.</summary>
    Pss,

    /// <summary>ECDSA; the input is a hash, of which the leftmost bits of the order's length count. Signatures are r and s, each as long as the order.</summary>
    Ecdsa,
}
