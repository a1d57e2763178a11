using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Library;

/// <summary>A right parameter for every mechanism that works on data or moves keys, laid out by hand as the standard's structures.</summary>
internal static class MechanismParameters
{
    // CKM_SHA…, CKG_MGF1_SHA… and the length of each hash, in the order of CKM_…_RSA_PKCS_PSS below.
    private static readonly (ulong Pss, nint Hash, nint Mgf, nint Size)[] Hashes =
    [
        (0x0D, 0x250, 2, 32), (0x0E, 0x220, 1, 20), (0x43, 0x250, 2, 32), (0x44, 0x260, 3, 48), (0x45, 0x270, 4, 64), (0x47, 0x255, 5, 28), (0x63, 0x2B0, 7, 32), (0x64, 0x2C0, 8, 48), (0x65, 0x2D0, 9, 64), (0x67, 0x2B5, 6, 28),
    ];

    private static readonly HashSet<ulong> CodesOfGeneralLength = [0x222, 0x252, 0x257, 0x262, 0x272, 0x2B2, 0x2B7, 0x2C2, 0x2D2, 0x108B];

    /// <summary>The mechanism with a parameter; none where it needs none.</summary>
    /// <param name="number">CKM_…</param>
    /// <param name="length">bytes of plaintext, for CCM</param>
    public static Mechanism Of(ulong number, int length = 32)
    {
        if (Hashes.FirstOrDefault(hash => hash.Pss == number) is { Size: > 0 } pss)
        {
            return new Mechanism(number, m => m.Words(pss.Hash, pss.Mgf, pss.Size));
        }

        return CodesOfGeneralLength.Contains(number) ? Mechanism.WithLength(number, 10) : number switch
        {
            Ckm.RsaPkcsOaep => new(number, m => m.Words(0x250, 2, 1, m.Put("label"u8), 5)),
            0x1054 => new(number, m => m.Words(256, m.Put(m.Words(0x250, 2, 1, 0, 0)))),
            0x133 or 0x136 => Mechanism.WithIv(number, new byte[8]),
            0x1082 or 0x1085 => Mechanism.WithIv(number, new byte[16]),
            0x1086 => Mechanism.WithIv(number, [128, .. new byte[23]]),
            Ckm.AesGcm => Mechanism.Gcm([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [7], 128),
            Ckm.AesCcm => Mechanism.Ccm(length, new byte[11], [7], 16),
            0x80001087 => new(number, m => m.Words(0, 0, 0, 0, 0, 128)),
            0x1F => new(number, m => m.Words(0, m.Put("context"u8), 7, 0x250)),
            _ => new(number),
        };
    }
}
