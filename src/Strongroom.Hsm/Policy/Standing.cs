namespace Strongroom.Hsm.Policy;

/// <summary>How a caller stands to an object.</summary>
internal enum Standing
{
    /// <summary>The caller must not learn that it exists.</summary>
    None,

    /// <summary>An admin: it may list it and trust it.</summary>
    Admin,

    /// <summary>It is for everyone, or a public key that every crypto-user may see.</summary>
    Public,

    /// <summary>Its owner shares it with the caller: use only.</summary>
    Shared,

    Owner,
}
