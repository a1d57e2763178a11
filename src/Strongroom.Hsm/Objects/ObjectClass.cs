namespace Strongroom.Hsm;

/// <summary>CK_OBJECT_CLASS.</summary>
public enum ObjectClass : ulong
{
    Data = 0,
    Certificate = 1,
    PublicKey = 2,
    PrivateKey = 3,
    SecretKey = 4,
}
