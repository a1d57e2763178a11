namespace Strongroom.Store;

/// <summary>One record as the store holds it.</summary>
/// <param name="Path">Its name, at most <see cref="StoreLimits.PathLength"/> printable ASCII characters.</param>
/// <param name="Value">The sealed bytes.</param>
/// <param name="Modified">The commit that last wrote it.</param>
public readonly record struct StoredRecord(string Path, ReadOnlyMemory<byte> Value, Revision Modified);
