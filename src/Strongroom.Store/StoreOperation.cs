namespace Strongroom.Store;

/// <summary>One line of a transaction: a put, or a delete.</summary>
/// <param name="Path">What it writes. A path occurs at most once in a transaction (etcd's rule).</param>
/// <param name="Value">The new value, or null to delete. Deleting what is not there is no error.</param>
public readonly record struct StoreOperation(string Path, ReadOnlyMemory<byte>? Value)
{
    public static StoreOperation Put(string path, ReadOnlyMemory<byte> value) => new(path, value);

    public static StoreOperation Delete(string path) => new(path, null);
}
