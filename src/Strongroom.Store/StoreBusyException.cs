namespace Strongroom.Store;

/// <summary>Too much is waiting to be committed; this change was not taken.</summary>
public sealed class StoreBusyException(string message) : StoreException(message)
{
    public override bool Fatal => false;
}
