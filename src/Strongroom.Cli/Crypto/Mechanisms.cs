using Strongroom.Wire;

namespace Strongroom.Cli.Crypto;

/// <summary>Mechanism numbers (CKM_) of PKCS#11 3.2 that the commands use, and their parameters on the wire.</summary>
internal static class Mechanisms
{
    public const ulong RsaKeyPairGen = 0x0;
    public const ulong RsaPkcs = 0x1;
    public const ulong RsaPkcsPss = 0xD;
    public const ulong EcKeyPairGen = 0x1040;
    public const ulong Ecdsa = 0x1041;
    public const ulong AesKeyGen = 0x1080;
    public const ulong AesGcm = 0x1087;
    public const ulong AesKeyWrap = 0x2109;

    /// <summary>A mechanism without a parameter.</summary>
    public static WireMechanism Plain(ulong number) => new(number, (ulong)Shape.None, null, null, null, null, null, null, null);

    /// <summary>RSASSA-PSS of a digest.</summary>
    /// <param name="hash">CKM_ number of the hash</param>
    /// <param name="mgf">CKG_ number</param>
    /// <param name="saltBytes">length of the salt</param>
    public static WireMechanism Pss(ulong hash, ulong mgf, ulong saltBytes) => new(RsaPkcsPss, (ulong)Shape.Pss, null, null, saltBytes, hash, mgf, null, null);

    /// <summary>AES-GCM.</summary>
    /// <param name="iv">null to let the HSM draw it</param>
    /// <param name="aad">associated data, or null</param>
    /// <param name="tagBits">length of the tag</param>
    public static WireMechanism Gcm(byte[]? iv, byte[]? aad, ulong tagBits) => new(AesGcm, (ulong)Shape.Gcm, iv, aad, tagBits, null, null, null, null);
}
