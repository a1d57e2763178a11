using Strongroom.Crypto;

namespace Strongroom.Hsm.Mechanisms;

// CK_RSA_PKCS_OAEP_PARAMS, alone and inside CK_RSA_AES_KEY_WRAP_PARAMS. Hash and mask generation function need not be the same; SHA-1 is approved in both places, since nothing rests on its collisions.
internal static class OaepParameter
{
    public static RsaEncryption? Read(in MechanismCall call) =>
        HashMechanisms.FromMechanism(call.Hash) is { } hash && HashMechanisms.FromMgf(call.Mgf) is { } mgf ? RsaEncryption.Oaep(hash, mgf, call.Iv.GetValueOrDefault()) : null;
}
