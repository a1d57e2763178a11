using System.Collections.Concurrent;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Policy;

/// <summary>
/// The bounded cache of opened keys. All other keys stay sealed and are opened when they are used (6 to 18 µs). What goes first is what was not used since the hand last passed (CLOCK, an
/// approximation of least-recently-used that costs a hit nothing but a flag).
/// </summary>
internal sealed class LiveKeys(int capacity) : IDisposable
{
    private readonly ConcurrentDictionary<ObjectHandle, LiveKey> _live = new();

    // The clock's face; locked by itself, which a hit never takes.
    private readonly Queue<LiveKey> _face = new();

    /// <summary>Keys open.</summary>
    public int Count => _live.Count;

    /// <summary>A reference to the opened key, opening it if it must be; the caller releases it.</summary>
    public KeyMaterial Retain(HsmObject item, Func<HsmObject, KeyMaterial> open)
    {
        if (_live.TryGetValue(item.Handle, out LiveKey? live) && live.Version == item.Version && live.Material.TryRetain())
        {
            live.Touched = true;
            return live.Material;
        }

        KeyMaterial material = open(item);
        material.TryRetain();
        Keep(new LiveKey(item.Handle, item.Version, material));
        return material;
    }

    /// <summary>Closes a key that was destroyed or changed, as soon as its last user lets go.</summary>
    public void Forget(ObjectHandle handle)
    {
        if (_live.TryRemove(handle, out LiveKey? live))
        {
            live.Material.Release();
        }
    }

    public void Dispose()
    {
        foreach (ObjectHandle handle in _live.Keys)
        {
            Forget(handle);
        }
    }

    private void Keep(LiveKey fresh)
    {
        LiveKey? replaced = null;
        _live.AddOrUpdate(fresh.Handle, fresh, (_, old) =>
        {
            replaced = old;
            return fresh;
        });
        replaced?.Material.Release();
        lock (_face)
        {
            _face.Enqueue(fresh);
            while (_face.Count > capacity)
            {
                Turn(_face.Dequeue());
            }
        }
    }

    // The hand passes one key: a used one gets another round, an unused or replaced one goes.
    private void Turn(LiveKey oldest)
    {
        if (oldest.Touched && _live.TryGetValue(oldest.Handle, out LiveKey? current) && ReferenceEquals(current, oldest))
        {
            oldest.Touched = false;
            _face.Enqueue(oldest);
        }
        else if (_live.TryRemove(KeyValuePair.Create(oldest.Handle, oldest)))
        {
            oldest.Material.Release();
        }
    }
}
