using System.Security.Cryptography;

namespace Strongroom.Server.ControlPlane;

/// <summary>The random part of the ids that AWS gives its resources.</summary>
internal static class ResourceName
{
    // 32 letters, 11 of them: 55 bits. Lower case alone, so that ids survive case-insensitive file systems.
    private const string Alphabet = "234567abcdefghijklmnopqrstuvwxyz";
    private const int Length = 11;

    public static string Draw() => RandomNumberGenerator.GetString(Alphabet, Length);
}
