namespace Strongroom.Cli.Keys;

/// <summary>A key's handle as CloudHSM prints it: 64 bits, 16 hexadecimal digits.</summary>
internal static class KeyReference
{
    public static string Text(ulong handle) => $"0x{handle:x16}";
}
