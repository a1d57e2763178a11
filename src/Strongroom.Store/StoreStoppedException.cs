namespace Strongroom.Store;

/// <summary>The store stopped for good; every commit after that is refused with its cause.</summary>
public sealed class StoreStoppedException(StoreException cause) : StoreException($"The store has stopped: {cause.Message}", cause)
{
    public StoreException Cause { get; } = cause;
}
