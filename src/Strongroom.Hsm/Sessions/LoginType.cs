namespace Strongroom.Hsm;

/// <summary>Who logs in; the numbers of CK_USER_TYPE.</summary>
public enum LoginType
{
    SecurityOfficer = 0,
    User = 1,
    ContextSpecific = 2,
}
