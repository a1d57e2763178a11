using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// The cluster's token objects in memory, by handle and by what each viewer may see. Changed by the store's feed alone, one change at a time; read by all threads.
/// </summary>
internal sealed class TokenObjects
{
    private readonly ConcurrentDictionary<ObjectHandle, HsmObject> _byHandle = new();
    private readonly ConcurrentDictionary<Viewer, ObjectIndex> _indexes = new();
    private readonly ConcurrentDictionary<UserId, int> _owned = new();
    private long _count;

    /// <summary>Token objects of the cluster.</summary>
    public long Count => Interlocked.Read(ref _count);

    public bool TryGet(ObjectHandle handle, [NotNullWhen(true)] out HsmObject? item) => _byHandle.TryGetValue(handle, out item);

    /// <summary>Objects of all kinds that a user owns.</summary>
    public int OwnedBy(UserId user) => _owned.GetValueOrDefault(user);

    /// <summary>What a viewer sees, or null if that is nothing.</summary>
    public ObjectIndex? IndexOf(Viewer viewer) => _indexes.GetValueOrDefault(viewer);

    /// <summary>Every index in which an object stands once: what an admin may list.</summary>
    public IEnumerable<ObjectIndex> All() => _indexes.Where(index => index.Key.Who != Viewer.Kind.Shared).Select(index => index.Value);

    /// <summary>Takes a new object or a new version of one.</summary>
    public void Put(HsmObject item)
    {
        HsmObject? old = _byHandle.GetValueOrDefault(item.Handle);
        _byHandle[item.Handle] = item;
        if (old is null)
        {
            Account(item.Owner, 1);
        }

        List<Viewer> before = old is null ? [] : [.. Viewer.Of(old)];
        foreach (Viewer viewer in Viewer.Of(item))
        {
            _indexes.GetOrAdd(viewer, _ => new ObjectIndex()).Put(before.Remove(viewer) ? old : null, item);
        }

        foreach (Viewer viewer in before)
        {
            _indexes.GetValueOrDefault(viewer)?.Remove(old!);
        }
    }

    public void Remove(ObjectHandle handle)
    {
        if (_byHandle.TryRemove(handle, out HsmObject? item))
        {
            foreach (Viewer viewer in Viewer.Of(item))
            {
                _indexes.GetValueOrDefault(viewer)?.Remove(item);
            }

            Account(item.Owner, -1);
        }
    }

    private void Account(UserId owner, int by)
    {
        Interlocked.Add(ref _count, by);
        _owned.AddOrUpdate(owner, by, (_, count) => count + by);
    }
}
