namespace Strongroom.Store;

/// <summary>The id of a cluster, as AWS writes it: <c>cluster-…</c>.</summary>
public readonly record struct ClusterId(string Value)
{
    public override string ToString() => Value;
}
