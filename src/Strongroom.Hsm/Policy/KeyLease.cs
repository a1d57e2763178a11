using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Policy;

/// <summary>An object given out for one purpose, its key held open until the lease is disposed. Only <see cref="KeyRing"/> makes one.</summary>
internal readonly struct KeyLease : IDisposable
{
    private readonly KeyMaterial? _material;

    internal KeyLease(HsmObject item, KeyMaterial? material)
    {
        Object = item;
        _material = material;
    }

    /// <summary>The object as it was judged.</summary>
    public HsmObject Object { get; }

    /// <summary>Whether the object is a key.</summary>
    public bool HasMaterial => _material is not null;

    /// <summary>The key at work.</summary>
    public KeyMaterial Material => _material ?? throw new InvalidOperationException("The object is no key.");

    public void Dispose() => _material?.Release();
}
