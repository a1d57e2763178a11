namespace Strongroom.Crypto;

/// <summary>RSA's paddings for encryption.</summary>
public enum RsaEncryptionKind
{
    /// <summary>None.</summary>
    Raw,

    /// <summary>RSAES-PKCS1-v1_5.</summary>
    Pkcs1,

    /// <summary>RSAES-OAEP.</summary>
    Oaep,
}
