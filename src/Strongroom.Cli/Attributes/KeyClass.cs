namespace Strongroom.Cli.Attributes;

/// <summary>CKA_CLASS of a key under CloudHSM's name.</summary>
internal sealed record KeyClass(string Name, ulong Number)
{
    public static KeyClass Public { get; } = new("public-key", 2);

    public static KeyClass Private { get; } = new("private-key", 3);

    public static KeyClass Secret { get; } = new("secret-key", 4);

    public static IReadOnlyList<KeyClass> All { get; } = [Public, Private, Secret];
}
