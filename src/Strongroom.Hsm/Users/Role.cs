namespace Strongroom.Hsm;

/// <summary>Roles inside a cluster; the numbers are the wire's.</summary>
public enum Role
{
    None = 0,
    Admin = 1,
    CryptoUser = 2,
    ApplianceUser = 3,
    UnactivatedAdmin = 4,
}
