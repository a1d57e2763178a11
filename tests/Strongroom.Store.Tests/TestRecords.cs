using System.Collections.Concurrent;
using System.Text;
using Strongroom.Store.Commits;
using Strongroom.Store.Heads;

namespace Strongroom.Store.Tests;

/// <summary>A consumer that keeps each record's text.</summary>
internal sealed class TestRecords : IRecordConsumer
{
    public ConcurrentDictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>Where each call of Apply stood.</summary>
    public ConcurrentQueue<HeadPosition> Applied { get; } = new();

    public object? Prepare(string path, ReadOnlyMemory<byte> content) => Encoding.UTF8.GetString(content.Span);

    public void Apply(IReadOnlyList<RecordChange> changes, HeadPosition position)
    {
        foreach (var change in changes)
        {
            if (change.Content is null)
            {
                Texts.TryRemove(change.Path, out _);
            }
            else
            {
                Texts[change.Path] = (string)change.Prepared!;
            }
        }
        Applied.Enqueue(position);
    }
}
