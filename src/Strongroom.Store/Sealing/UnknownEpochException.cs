namespace Strongroom.Store.Sealing;

/// <summary>Something is sealed under a cluster key that this HSM does not have.</summary>
public sealed class UnknownEpochException(ulong epoch) : StoreException($"This HSM does not have the cluster key of epoch {epoch}.")
{
    public ulong Epoch { get; } = epoch;
}
