namespace Strongroom.Store;

/// <summary>What lies in the store is not what was put there.</summary>
/// <param name="what">The file, record or head that was found so.</param>
/// <param name="found">What is wrong with it.</param>
public sealed class StoreDamagedException(string what, string found, Exception? inner = null) : StoreException($"{what}: {found}", inner)
{
    /// <summary>The file, record or head that was found so.</summary>
    public string What { get; } = what;
}
