namespace Strongroom.Store.Commits;

/// <summary>One record that a proposal writes or deletes, in the clear.</summary>
/// <param name="Path">Its name; stands in the store unsealed, so it must not be a secret.</param>
/// <param name="Content">What will be sealed; null deletes the record.</param>
public readonly record struct Change(string Path, ReadOnlyMemory<byte>? Content)
{
    public static Change Put(string path, ReadOnlyMemory<byte> content) => new(path, content);

    public static Change Delete(string path) => new(path, null);
}
