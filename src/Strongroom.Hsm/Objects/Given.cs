namespace Strongroom.Hsm.Objects;

/// <summary>Whether a template may or must name an attribute.</summary>
internal enum Given
{
    /// <summary>The HSM sets it: CKR_ATTRIBUTE_READ_ONLY.</summary>
    Never,

    /// <summary>Naming it contradicts the way the object comes to be: CKR_TEMPLATE_INCONSISTENT.</summary>
    Contradicts,

    May,

    /// <summary>Otherwise CKR_TEMPLATE_INCOMPLETE.</summary>
    Must,
}
