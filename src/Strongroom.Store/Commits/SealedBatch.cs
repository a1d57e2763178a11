using Strongroom.Store.Heads;
using Strongroom.Store.Sealing;

namespace Strongroom.Store.Commits;

/// <summary>The changes of one commit, sealed, with the head they lead to.</summary>
internal sealed record SealedBatch(IReadOnlyList<SealedChange> Records, Head Head, HeadHash HeadHash, StoreTransaction Transaction)
{
    /// <summary>Room in a transaction for the head: its CBOR, sealed, and its path.</summary>
    public const int HeadBytes = 512;

    /// <summary>Bytes of a transaction that a change will take at most.</summary>
    public static int Size(Change change) => change.Path.Length + (change.Content is { } content ? content.Length + SealedRecord.Overhead : 0);

    /// <summary>Seals changes as the step behind the current head.</summary>
    public static SealedBatch Seal(IReadOnlyList<Change> changes, ClusterState state, RecordVault vault, IRecordConsumer consumer, CommitId id)
    {
        var current = state.Current;
        var position = new HeadPosition(vault.CurrentEpoch, current.Position.Sequence + 1);
        var sum = state.Index.Sum;
        var count = (ulong)state.Index.Count;
        var records = new List<SealedChange>(changes.Count);
        var compares = new List<StoreCompare>(changes.Count + 1) { new(Head.Path, current.Modified) };
        var operations = new List<StoreOperation>(changes.Count + 1);
        foreach (var change in changes)
        {
            var old = state.Index.Find(change.Path);
            sum -= old?.Tag ?? default;
            compares.Add(new(change.Path, old?.Modified ?? Revision.None));
            if (change.Content is { } content)
            {
                var (bytes, tag) = vault.Seal(change.Path, position, content.Span);
                sum += tag;
                count += old is null ? 1UL : 0;
                operations.Add(StoreOperation.Put(change.Path, bytes));
                records.Add(new(new(change.Path, position.Sequence, content, Preparation.Run(consumer, change.Path, content)), tag));
            }
            else
            {
                count -= 1;
                operations.Add(StoreOperation.Delete(change.Path));
                records.Add(new(new(change.Path, 0, null, null), default));
            }
        }
        var head = new Head(position, current.Hash, id, sum, count);
        var sealedHead = vault.SealHead(head);
        operations.Add(StoreOperation.Put(Head.Path, sealedHead));
        return new(records, head, HeadHash.Of(sealedHead), new(compares, operations));
    }
}

/// <summary>One change of a batch, and its summand.</summary>
internal readonly record struct SealedChange(RecordChange Change, ContentSum Tag);
