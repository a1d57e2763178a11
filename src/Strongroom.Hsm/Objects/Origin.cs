namespace Strongroom.Hsm.Objects;

/// <summary>How an object comes to be.</summary>
internal enum Origin
{
    /// <summary>C_CreateObject: its values come from outside.</summary>
    Create,

    /// <summary>C_GenerateKey and C_GenerateKeyPair.</summary>
    Generate,

    /// <summary>C_UnwrapKey.</summary>
    Unwrap,

    /// <summary>C_DeriveKey.</summary>
    Derive,
}
