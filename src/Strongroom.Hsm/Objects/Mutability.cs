namespace Strongroom.Hsm.Objects;

/// <summary>How an attribute may change after the object exists.</summary>
internal enum Mutability
{
    Never,

    /// <summary>Not by C_SetAttributeValue, but in the template of a copy.</summary>
    InCopy,

    Freely,

    /// <summary>From false to true, never back.</summary>
    OnlyToTrue,

    /// <summary>From true to false, never back.</summary>
    OnlyToFalse,

    /// <summary>An admin's alone, and not at creation.</summary>
    ByAdmin,
}
