namespace Strongroom.Hsm;

/// <summary>What a user's registered public key serves.</summary>
[Flags]
public enum KeyServices
{
    None = 0,
    Approvals = 1,
    MultiFactor = 2,
}
