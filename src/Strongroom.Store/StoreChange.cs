namespace Strongroom.Store;

/// <summary>One change that some commit made.</summary>
/// <param name="Value">The new value; null if the record was deleted.</param>
/// <param name="Revision">The commit.</param>
public readonly record struct StoreChange(string Path, ReadOnlyMemory<byte>? Value, Revision Revision);
