using System.Runtime.InteropServices;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// Handles in order under a 64-bit key each (a class, the hash of a label): sorted pairs in chunks, 16 bytes a pair. Finding the first is two binary searches; adding moves at most a chunk.
/// Locked by its <see cref="ObjectIndex"/>.
/// </summary>
internal sealed class OrderedIndex
{
    private const int ChunkSize = 512;

    private readonly List<List<Entry>> _chunks = [];

    /// <summary>Pairs held.</summary>
    public int Count { get; private set; }

    public void Add(ulong key, ObjectHandle handle)
    {
        var entry = new Entry(key, handle.Value);
        if (_chunks.Count == 0)
        {
            _chunks.Add([]);
        }

        int at = ChunkOf(entry);
        List<Entry> chunk = _chunks[at];
        int place = chunk.BinarySearch(entry);
        if (place >= 0)
        {
            return;
        }

        chunk.Insert(~place, entry);
        Count++;
        if (chunk.Count > ChunkSize)
        {
            // A split at the end keeps chunks full when entries come in order.
            int keep = ~place == chunk.Count - 1 ? chunk.Count - 1 : chunk.Count / 2;
            List<Entry> upper = new(ChunkSize + 1);
            upper.AddRange(CollectionsMarshal.AsSpan(chunk)[keep..]);
            chunk.RemoveRange(keep, chunk.Count - keep);
            _chunks.Insert(at + 1, upper);
        }
    }

    public void Remove(ulong key, ObjectHandle handle)
    {
        if (_chunks.Count == 0)
        {
            return;
        }

        int at = ChunkOf(new Entry(key, handle.Value));
        int place = _chunks[at].BinarySearch(new Entry(key, handle.Value));
        if (place < 0)
        {
            return;
        }

        _chunks[at].RemoveAt(place);
        Count--;
        if (_chunks[at].Count == 0)
        {
            _chunks.RemoveAt(at);
        }
    }

    /// <summary>The next handles under a key.</summary>
    /// <param name="after">Only higher ones.</param>
    /// <param name="handles">Takes them in order.</param>
    /// <returns>How many there were; fewer than fit: there are no more.</returns>
    public int Next(ulong key, ObjectHandle after, Span<ObjectHandle> handles)
    {
        int taken = 0;
        if (_chunks.Count == 0)
        {
            return 0;
        }

        var first = new Entry(key, after.Value);
        int at = ChunkOf(first);
        int place = _chunks[at].BinarySearch(first);
        for (place = place >= 0 ? place + 1 : ~place; at < _chunks.Count && taken < handles.Length; at++, place = 0)
        {
            foreach (Entry entry in CollectionsMarshal.AsSpan(_chunks[at])[place..])
            {
                if (entry.Key != key || taken == handles.Length)
                {
                    return taken;
                }

                handles[taken++] = new ObjectHandle(entry.Handle);
            }
        }

        return taken;
    }

    // The last chunk whose first entry is not above the entry.
    private int ChunkOf(Entry entry)
    {
        int low = 0;
        int high = _chunks.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_chunks[middle][0].CompareTo(entry) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private readonly record struct Entry(ulong Key, ulong Handle) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Key != other.Key ? Key.CompareTo(other.Key) : Handle.CompareTo(other.Handle);
    }
}
