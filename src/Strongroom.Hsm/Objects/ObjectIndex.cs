namespace Strongroom.Hsm.Objects;

/// <summary>
/// The objects that one kind of viewer sees (one owner, one shared user, every crypto-user, everyone), found by label, id or class. Finding costs by what this viewer may see and not by what
/// the cluster holds.
/// </summary>
internal sealed class ObjectIndex
{
    // Held for one search step of at most a page of handles, or one insertion.
    private readonly Lock _lock = new();
    private readonly OrderedIndex _byLabel = new();
    private readonly OrderedIndex _byId = new();
    private readonly OrderedIndex _byClass = new();
    private readonly OrderedIndex _all = new();

    /// <summary>Objects held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>Takes an object in, in one step with taking its old version out.</summary>
    public void Put(HsmObject? old, HsmObject item)
    {
        lock (_lock)
        {
            if (old is not null)
            {
                Take(old);
            }

            _all.Add(0, item.Handle);
            _byClass.Add((ulong)item.Class, item.Handle);
            _byLabel.Add(Hash(item.Attributes.Get(AttributeType.Label)), item.Handle);
            _byId.Add(Hash(item.Attributes.Get(AttributeType.Id)), item.Handle);
        }
    }

    public void Remove(HsmObject item)
    {
        lock (_lock)
        {
            Take(item);
        }
    }

    /// <summary>The next objects that may match, in order: all that do are among them.</summary>
    /// <returns>How many; fewer than fit: there are no more.</returns>
    public int Next(Template query, ObjectHandle after, Span<ObjectHandle> candidates)
    {
        lock (_lock)
        {
            (OrderedIndex index, ulong key) = Narrowest(query);
            return index.Next(key, after, candidates);
        }
    }

    private void Take(HsmObject item)
    {
        _all.Remove(0, item.Handle);
        _byClass.Remove((ulong)item.Class, item.Handle);
        _byLabel.Remove(Hash(item.Attributes.Get(AttributeType.Label)), item.Handle);
        _byId.Remove(Hash(item.Attributes.Get(AttributeType.Id)), item.Handle);
    }

    private (OrderedIndex Index, ulong Key) Narrowest(Template query)
    {
        bool label = query.TryGet(AttributeType.Label, out ReadOnlyMemory<byte> labelValue);
        bool id = query.TryGet(AttributeType.Id, out ReadOnlyMemory<byte> idValue);
        if (label && id)
        {
            // Whichever ends first within a few dozen; many keys of one label, or of no id, are common.
            Span<ObjectHandle> probe = stackalloc ObjectHandle[32];
            label = _byLabel.Next(Hash(labelValue.Span), ObjectHandle.None, probe) < probe.Length;
        }

        return (label, id, query.Class) switch
        {
            (true, _, _) => (_byLabel, Hash(labelValue.Span)),
            (_, true, _) => (_byId, Hash(idValue.Span)),
            (_, _, { } objectClass) => (_byClass, (ulong)objectClass),
            _ => (_all, 0),
        };
    }

    // FNV-1a. Equal hashes only cost a comparison, and a user can slow down its own searches alone.
    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        return hash;
    }
}
