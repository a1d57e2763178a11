using System.Globalization;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Objects;
using Strongroom.Store.Sealing;

namespace Strongroom.Hsm.Policy;

/// <summary>
/// Seals the key of an object and opens it again; public keys too, since one form is simpler than two. It is sealed by itself inside the object's record and stays so in memory; the object's handle is authenticated with it, so that it can't
/// be put into another object.
/// </summary>
internal sealed class SealedKeys(ClusterKeys keys) : IDisposable
{
    private readonly Sealer _sealer = new(keys, "key");

    public byte[] Seal(ObjectHandle handle, KeyMaterial material)
    {
        using SecretBuffer components = material.Encode();
        return _sealer.Seal(PathOf(handle), 0, components.Span);
    }

    /// <summary>The key of an object, opened; the caller disposes it.</summary>
    /// <exception cref="FormatException">What is sealed is not this object's key: a broken world.</exception>
    public KeyMaterial Open(HsmObject item)
    {
        using SecretBuffer components = _sealer.OpenSecret(PathOf(item.Handle), item.Sealed ?? throw new FormatException($"The key {item.Handle} has no key bytes."));
        return KeyEncoding.Open(components.Span);
    }

    public void Dispose() => _sealer.Dispose();

    private static string PathOf(ObjectHandle handle) => string.Create(CultureInfo.InvariantCulture, $"keys/{handle.Value:x16}");
}
