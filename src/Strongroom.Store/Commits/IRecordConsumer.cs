using Strongroom.Store.Heads;

namespace Strongroom.Store.Commits;

/// <summary>Keeps a cluster's records in memory in its own form. It is told every record once at opening and every commit afterwards, whoever made it, in order.</summary>
public interface IRecordConsumer
{
    /// <summary>Decodes a record. Pure; called from several threads at once while the store is opened.</summary>
    /// <exception cref="FormatException">The content can't be read; the store stops, naming the path.</exception>
    object? Prepare(string path, ReadOnlyMemory<byte> content) => null;

    /// <summary>
    /// Takes changes. One call at a time. While the store is being opened these are pages of its records, and nothing may be served from them before <see cref="SealedStore.OpenAsync"/> returns, for only then is their sum known to be right.
    /// Afterwards each call is one commit, and the store is at <paramref name="position"/> after it.
    /// </summary>
    void Apply(IReadOnlyList<RecordChange> changes, HeadPosition position);
}
