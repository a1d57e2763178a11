namespace Strongroom.Store;

/// <summary>One condition of a transaction: the record was last written by exactly this commit.</summary>
/// <param name="Modified"><see cref="Revision.None"/>: there is no such record.</param>
public readonly record struct StoreCompare(string Path, Revision Modified);
