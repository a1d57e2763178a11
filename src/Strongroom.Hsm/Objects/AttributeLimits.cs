namespace Strongroom.Hsm.Objects;

/// <summary>Bounds of templates and objects.</summary>
internal static class AttributeLimits
{
    /// <summary>Attributes of one template.</summary>
    public const int Attributes = 128;

    /// <summary>Bytes of all attributes of one object that are not booleans.</summary>
    public const int ObjectBytes = 128 * 1024;
}
