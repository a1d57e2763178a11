using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Quorum;

namespace Strongroom.Hsm.Policy;

/// <summary>An object given out for one purpose, its key held open until the lease is disposed. Only <see cref="KeyRing"/> makes one.</summary>
internal readonly struct KeyLease : IDisposable
{
    private readonly KeyMaterial? _material;
    private readonly Approval? _approval;

    internal KeyLease(HsmObject item, KeyMaterial? material, Approval? approval)
    {
        Object = item;
        _material = material;
        _approval = approval;
    }

    /// <summary>The object as it was judged.</summary>
    public HsmObject Object { get; }

    /// <summary>Whether the object is a key.</summary>
    public bool HasMaterial => _material is not null;

    /// <summary>The key at work.</summary>
    public KeyMaterial Material => _material ?? throw new InvalidOperationException("The object is no key.");

    /// <summary>Tells how the operation ended, for the approval that it took: used up unless it was refused.</summary>
    /// <param name="cause">Of the refusal; null if it was done.</param>
    public void End(Cause? cause) => _approval?.End(cause);

    /// <summary>The approval that the operation took, for whoever tells it later how that ended; null if it took none.</summary>
    public Approval? Approval => _approval;

    public void Dispose() => _material?.Release();
}
