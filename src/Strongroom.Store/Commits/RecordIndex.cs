using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>What is known of a live record besides its content, which the consumer keeps.</summary>
/// <param name="Modified">By which commit of the store.</param>
/// <param name="Version">By which sequence of the head.</param>
/// <param name="Tag">Its summand.</param>
internal readonly record struct IndexEntry(Revision Modified, ulong Version, ContentSum Tag);

/// <summary>All live records but the head, with their running sum. Used by one thread at a time.</summary>
internal sealed class RecordIndex
{
    private readonly Dictionary<string, IndexEntry> _entries = new(StringComparer.Ordinal);

    public ContentSum Sum { get; private set; }

    public int Count => _entries.Count;

    public IEnumerable<string> Paths => _entries.Keys;

    public IndexEntry? Find(string path) => _entries.TryGetValue(path, out var entry) ? entry : null;

    public void Put(string path, IndexEntry entry)
    {
        if (_entries.TryGetValue(path, out var old))
        {
            Sum -= old.Tag;
        }
        _entries[path] = entry;
        Sum += entry.Tag;
    }

    public void Remove(string path)
    {
        if (_entries.Remove(path, out var old))
        {
            Sum -= old.Tag;
        }
    }
}
