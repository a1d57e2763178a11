using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// The IV of a message (PKCS#11 3.2, CK_GENERATOR_FUNCTION): the caller's, or drawn here at random, all of it or what follows the bits that the caller fixes.
// Counters are refused: an HSM that is restarted, or another of the cluster, would count anew. SP 800-38D 8.2.2 asks for 96 random bits, which holds for GCM in FIPS mode.
internal static class MessageIv
{
    private const int LongestDrawn = 64;
    private const int FewestBits = 64;

    /// <summary>Whether the call names a generator, as messages do.</summary>
    public static bool IsNamed(in MechanismCall call) => call.Hash is not null;

    /// <summary>Whether the HSM draws the IV.</summary>
    public static bool IsDrawn(in MechanismCall call) => call.Hash is not null and not (ulong)Generator.None;

    /// <summary>Judges the generator; of an IV that is the caller's, the mechanism judges the rest.</summary>
    /// <param name="call">Names a generator.</param>
    /// <param name="fewestBits">How many must be random.</param>
    public static Outcome Check(in MechanismCall call, int fewestBits = FewestBits)
    {
        if (call.Hash is not ((ulong)Generator.None or (ulong)Generator.Any or (ulong)Generator.Random))
        {
            return MechanismCauses.IvGenerator;
        }

        if (!IsDrawn(call))
        {
            return Outcome.Ok;
        }

        int size = call.Iv.GetValueOrDefault().Length;
        ulong fixedBits = call.Mgf ?? 0;
        return size > LongestDrawn ? MechanismCauses.IvLength
            : fixedBits <= (ulong)size * 8 && ((ulong)size * 8) - fixedBits >= (ulong)fewestBits ? Outcome.Ok : MechanismCauses.IvTooFixed;
    }

    /// <summary>The caller's IV with its bits after the fixed ones drawn anew.</summary>
    public static byte[] Draw(in MechanismCall call)
    {
        ReadOnlySpan<byte> given = call.Iv!.Value.Span;
        int fixedBits = (int)(call.Mgf ?? 0);
        var iv = new byte[given.Length];
        RandomSource.Fill(iv);
        given[..(fixedBits / 8)].CopyTo(iv);
        if (fixedBits % 8 != 0)
        {
            byte kept = (byte)(0xFF << (8 - (fixedBits % 8)));
            iv[fixedBits / 8] = (byte)((given[fixedBits / 8] & kept) | (iv[fixedBits / 8] & ~kept));
        }

        return iv;
    }

    // CKG_…; CKG_GENERATE leaves the way to the token.
    private enum Generator : ulong
    {
        None = 0,
        Any = 1,
        Random = 3,
    }
}
