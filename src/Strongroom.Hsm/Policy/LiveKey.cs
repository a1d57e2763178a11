using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Policy;

/// <summary>An opened key in the cache.</summary>
internal sealed class LiveKey(ObjectHandle handle, ulong version, KeyMaterial material)
{
    public ObjectHandle Handle { get; } = handle;

    /// <summary>Of the object that it was opened from.</summary>
    public ulong Version { get; } = version;

    /// <summary>Counted: the cache holds one reference, every user another.</summary>
    public KeyMaterial Material { get; } = material;

    /// <summary>Set by users, cleared by the cache's hand as it passes: those that stay clear are let go first.</summary>
    public bool Touched { get; set; }
}
