using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Strongroom.Hsm.Objects;

namespace Strongroom.Hsm.Sessions;

/// <summary>The session objects of one instance: seen by all its sessions, gone with the session that made them.</summary>
internal sealed class SessionObjects(Tally tally)
{
    private readonly ConcurrentDictionary<ObjectHandle, HsmObject> _byHandle = new();

    /// <summary>For finding; holds what the dictionary holds.</summary>
    public ObjectIndex Index { get; } = new();

    public int Count => _byHandle.Count;

    public bool TryGet(ObjectHandle handle, [NotNullWhen(true)] out HsmObject? item) => _byHandle.TryGetValue(handle, out item);

    /// <summary>Takes an object or a new version of one.</summary>
    /// <returns>False if all instances together hold as many as they may.</returns>
    public bool TryPut(HsmObject item)
    {
        HsmObject? old = _byHandle.GetValueOrDefault(item.Handle);
        if (old is null && !tally.TryAdd())
        {
            return false;
        }

        _byHandle[item.Handle] = item;
        Index.Put(old, item);
        return true;
    }

    public bool Remove(ObjectHandle handle)
    {
        if (!_byHandle.TryRemove(handle, out HsmObject? item))
        {
            return false;
        }

        Index.Remove(item);
        tally.Subtract();
        return true;
    }

    /// <summary>Destroys those that a condition is true for, and tells which they were.</summary>
    public IReadOnlyList<HsmObject> RemoveWhere(Func<HsmObject, bool> condition)
    {
        List<HsmObject> gone = [.. _byHandle.Values.Where(condition)];
        gone.ForEach(item => Remove(item.Handle));
        return gone;
    }
}
