namespace Strongroom.Store;

/// <summary>No room for a write. Nothing was written; reading goes on, and so will writing when there is room again.</summary>
public sealed class StoreFullException(string store, Exception? inner) : StoreException($"No room in {store}: the write was refused, nothing was changed.", inner)
{
    public override bool Fatal => false;
}
