namespace Strongroom.Store.Commits;

/// <summary>One record's change, opened and verified.</summary>
/// <param name="Version">The sequence of the commit that wrote it.</param>
/// <param name="Content">The record in the clear, an array of its own; null if it was deleted.</param>
/// <param name="Prepared">What <see cref="IRecordConsumer.Prepare"/> made of it.</param>
public readonly record struct RecordChange(string Path, ulong Version, ReadOnlyMemory<byte>? Content, object? Prepared);
