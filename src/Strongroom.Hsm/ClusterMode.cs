namespace Strongroom.Hsm;

/// <summary>Fixed at a cluster's birth. FIPS means approved algorithms only; it does not say that a validated module is loaded.</summary>
public enum ClusterMode
{
    Fips = 1,
    NonFips = 2,
}
