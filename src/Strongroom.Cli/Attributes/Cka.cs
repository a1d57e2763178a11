namespace Strongroom.Cli.Attributes;

/// <summary>Attribute numbers (CKA_) of PKCS#11 3.2 that the commands name.</summary>
internal static class Cka
{
    public const ulong Class = 0x0;
    public const ulong Token = 0x1;
    public const ulong Private = 0x2;
    public const ulong Label = 0x3;
    public const ulong Trusted = 0x86;
    public const ulong CheckValue = 0x90;
    public const ulong KeyType = 0x100;
    public const ulong Id = 0x102;
    public const ulong Sensitive = 0x103;
    public const ulong Encrypt = 0x104;
    public const ulong Decrypt = 0x105;
    public const ulong Wrap = 0x106;
    public const ulong Unwrap = 0x107;
    public const ulong Sign = 0x108;
    public const ulong Verify = 0x10A;
    public const ulong Derive = 0x10C;
    public const ulong StartDate = 0x110;
    public const ulong EndDate = 0x111;
    public const ulong Modulus = 0x120;
    public const ulong ModulusBits = 0x121;
    public const ulong PublicExponent = 0x122;
    public const ulong PublicKeyInfo = 0x129;
    public const ulong Value = 0x11;
    public const ulong ValueLen = 0x161;
    public const ulong Extractable = 0x162;
    public const ulong Local = 0x163;
    public const ulong NeverExtractable = 0x164;
    public const ulong AlwaysSensitive = 0x165;
    public const ulong Modifiable = 0x170;
    public const ulong Destroyable = 0x172;
    public const ulong EcParams = 0x180;
    public const ulong EcPoint = 0x181;
    public const ulong WrapWithTrusted = 0x210;
    public const ulong ParameterSet = 0x61D;
    public const ulong WrapTemplate = 0x40000211;
    public const ulong UnwrapTemplate = 0x40000212;
}
