using System.Text;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>One key of each kind on the token of a deployment that one user owns, beside those that a test makes.</summary>
internal static class KeysOfEveryKind
{
    private static readonly byte[] Ed25519 = Convert.FromHexString("06032B6570");
    private static readonly byte[] X25519 = Convert.FromHexString("06032B656E");
    private static readonly byte[] P521 = Convert.FromHexString("06052B81040023");

    /// <summary>The names that configure-pkcs11 knows the kinds by.</summary>
    public static IReadOnlyList<string> Names { get; } = ["RSA", "EC", "EC_EDWARDS", "EC_MONTGOMERY", "ML_DSA", "ML_KEM", "AES", "DES3", "GENERIC_SECRET"];

    public static void Make(QuickstartDeployment deployment, string pin)
    {
        using var token = Token.Of(deployment, pin);
        Pair(token, 0x00, CkAttribute.Of(0x121, 2048UL));   // CKM_RSA_PKCS_KEY_PAIR_GEN, CKA_MODULUS_BITS
        Pair(token, Ckm.EcKeyPairGen, CkAttribute.Of(Cka.EcParams, P521));
        Pair(token, 0x1055, CkAttribute.Of(Cka.EcParams, Ed25519));   // CKM_EC_EDWARDS_KEY_PAIR_GEN
        Pair(token, 0x1056, CkAttribute.Of(Cka.EcParams, X25519));   // CKM_EC_MONTGOMERY_KEY_PAIR_GEN
        Pair(token, 0x1C, CkAttribute.Of(Cka.ParameterSet, 1UL));   // CKM_ML_DSA_KEY_PAIR_GEN, CKP_ML_DSA_44
        Pair(token, Ckm.MlKemKeyPairGen, CkAttribute.Of(Cka.ParameterSet, 1UL));
        Secret(token, Ckm.AesKeyGen, CkAttribute.Of(Cka.ValueLen, 32UL));
        Secret(token, 0x131);   // CKM_DES3_KEY_GEN
        Secret(token, 0x350, CkAttribute.Of(Cka.ValueLen, 32UL));   // CKM_GENERIC_SECRET_KEY_GEN
    }

    // Java wants a label of its own for each secret key.
    private static CkAttribute[] Common(ulong mechanism) =>
        [CkAttribute.Of(Cka.Token, true), CkAttribute.Of(Cka.Label, Encoding.ASCII.GetBytes($"kind-{mechanism:x}")), CkAttribute.Of(Cka.Id, Encoding.ASCII.GetBytes($"kind-{mechanism:x}"))];

    private static void Pair(Token token, ulong mechanism, params CkAttribute[] more) =>
        Assert.Equal(Ck.Ok, token.GeneratePair(new Mechanism(mechanism), [.. Common(mechanism), .. more], Common(mechanism)).Rv);

    private static void Secret(Token token, ulong mechanism, params CkAttribute[] more) => Assert.Equal(Ck.Ok, token.Generate(new Mechanism(mechanism), [.. Common(mechanism), .. more]).Rv);
}
