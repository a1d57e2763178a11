namespace Strongroom.Hsm.Mechanisms;

/// <summary>Every refusal of a mechanism on one screen. Whatever is wrong with a ciphertext, there is one answer.</summary>
public static class MechanismCauses
{
    public static readonly Cause NotForThisUse = new(Rv.MechanismInvalid, "the mechanism is not for this use");
    public static readonly Cause NotApproved = new(Rv.MechanismInvalid, "the mechanism is not approved for this use, and the cluster is in FIPS mode");
    public static readonly Cause NotInParts = new(Rv.FunctionNotSupported, "the mechanism does not work in parts");
    public static readonly Cause ParameterShape = new(Rv.MechanismParamInvalid, "the mechanism's parameter has another shape");
    public static readonly Cause IvLength = new(Rv.MechanismParamInvalid, "the initialisation vector has not the mechanism's length");
    public static readonly Cause IvGiven = new(Rv.MechanismParamInvalid, "in FIPS mode the HSM draws the IV: give 12 zero bytes, which it will overwrite");
    public static readonly Cause IvNotGenerated = new(Rv.MechanismParamInvalid, "in FIPS mode the HSM makes the IV of every message: name CKG_GENERATE or CKG_GENERATE_RANDOM");
    public static readonly Cause IvGenerator = new(Rv.MechanismParamInvalid, "the IV is the caller's or drawn at random: CKG_NO_GENERATE, CKG_GENERATE or CKG_GENERATE_RANDOM");
    public static readonly Cause IvTooFixed = new(Rv.MechanismParamInvalid, "too few bits of the IV are left to be drawn at random: 64 at least, 96 for GCM in FIPS mode");
    public static readonly Cause IvUnwanted = new(Rv.MechanismParamInvalid, "this mechanism draws its IV and puts it in front of the ciphertext: give none");
    public static readonly Cause TagLength = new(Rv.MechanismParamInvalid, "the tag must have 96, 104, 112, 120 or 128 bits");
    public static readonly Cause CounterBits = new(Rv.MechanismParamInvalid, "between 1 and 128 bits of the counter block must count");
    public static readonly Cause CcmTag = new(Rv.MechanismParamInvalid, "the tag must have 4, 6, 8, 10, 12, 14 or 16 bytes");
    public static readonly Cause CcmLength = new(Rv.MechanismParamInvalid, "the parameter's data length is not the data's");
    public static readonly Cause MacLength = new(Rv.MechanismParamInvalid, "the code's length is not between 1 and the mechanism's own; in FIPS mode it is at least 4");
    public static readonly Cause HashUnknown = new(Rv.MechanismParamInvalid, "the parameter names a hash or a mask generation function that this HSM does not have here");
    public static readonly Cause HashDiffers = new(Rv.MechanismParamInvalid, "the parameter names another hash than the mechanism");
    public static readonly Cause HashWeak = new(Rv.MechanismParamInvalid, "the hash is not approved for signing, and the cluster is in FIPS mode");
    public static readonly Cause HashShort = new(Rv.MechanismInvalid, "in FIPS mode the hash must be as strong as the curve");
    public static readonly Cause KdfUnknown = new(Rv.MechanismParamInvalid, "the parameter names a key derivation function that this HSM does not have: CKD_NULL or one of CKD_SHA…_KDF");
    public static readonly Cause SharedDataUnused = new(Rv.MechanismParamInvalid, "without a key derivation function there is nothing that shared data could go into");
    public static readonly Cause PeerInvalid = new(Rv.MechanismParamInvalid, "the other side's public key is no point of the key's curve, or of low order");
    public static readonly Cause HkdfSteps = new(Rv.MechanismParamInvalid, "HKDF must extract, expand or do both");
    public static readonly Cause HkdfSalt = new(Rv.MechanismParamInvalid, "the salt must be absent, data or a generic secret or HKDF key");
    public static readonly Cause PrfUnknown = new(Rv.MechanismParamInvalid, "the parameter names a pseudo-random function that this HSM does not have: an HMAC mechanism or CKM_AES_CMAC");
    public static readonly Cause Sp800108Layout = new(Rv.MechanismParamInvalid, "the data parameters must have one iteration variable, at most one length, in feedback mode at most one counter, and valid widths");
    public static readonly Cause SaltLength = new(Rv.MechanismParamInvalid, "the salt is too long for the key, or in FIPS mode longer than the hash");
    public static readonly Cause Pbkdf2Function = new(Rv.MechanismParamInvalid, "the parameter names a pseudo-random function that this HSM does not have: HMAC with SHA-1, SHA-224, SHA-256, SHA-384 or SHA-512");
    public static readonly Cause Pbkdf2Weak = new(Rv.MechanismParamInvalid, "between 1 and 16,777,216 iterations are done; in FIPS mode at least 1000, and the salt has at least 16 bytes");
    public static readonly Cause CiphertextLength = new(Rv.MechanismParamInvalid, "the ciphertext has not the length of the key's parameter set");
    public static readonly Cause KeyNeeded = new(Rv.KeyHandleInvalid, "the operation needs a key");
    public static readonly Cause KeyType = new(Rv.KeyTypeInconsistent, "the key's class or type is not one that the mechanism takes for this use");
    public static readonly Cause KeySize = new(Rv.KeySizeRange, "the key's size is not one that the mechanism takes");
    public static readonly Cause DataLength = new(Rv.DataLenRange, "the data has a length that the mechanism does not take");
    public static readonly Cause DataTooLarge = new(Rv.DataInvalid, "the data, as a number, is not less than the key's modulus");
    public static readonly Cause AesKeyBits = new(Rv.MechanismParamInvalid, "the AES key must have 128, 192 or 256 bits, and fit into the RSA key with the hash that is asked for");
    public static readonly Cause TooMuchInParts = new(Rv.DataLenRange, "the data is longer than 1 MiB, and this operation must hold all of it back until its end");
    public static readonly Cause TooMuchCiphertextInParts = new(Rv.EncryptedDataLenRange, "the ciphertext is longer than that of 1 MiB, and this operation must hold all of it back until its end");
    public static readonly Cause DecryptionFailed = new(Rv.EncryptedDataInvalid, "the data can not be decrypted");
    public static readonly Cause UnwrappingFailed = new(Rv.WrappedKeyInvalid, "the wrapped key can not be unwrapped");
    public static readonly Cause KeyNotWrappable = new(Rv.KeyNotWrappable, "the mechanism can not wrap a key of this length");
    public static readonly Cause WrappingKeyType = new(Rv.WrappingKeyTypeInconsistent, "the wrapping key's class or type is not one that the mechanism takes");
    public static readonly Cause UnwrappingKeyType = new(Rv.UnwrappingKeyTypeInconsistent, "the unwrapping key's class or type is not one that the mechanism takes");
    public static readonly Cause SignatureLength = new(Rv.SignatureLenRange, "the signature has not the mechanism's length");
    public static readonly Cause SignatureInvalid = new(Rv.SignatureInvalid, "the signature does not verify");
    public static readonly Cause KeyIndigestible = new(Rv.KeyIndigestible, "the operation does not take a key for its input");
}
