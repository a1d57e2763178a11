namespace Strongroom.Store;

/// <summary>The id of one member of a cluster, as AWS writes it: <c>hsm-…</c>.</summary>
public readonly record struct HsmId(string Value)
{
    public override string ToString() => Value;
}
