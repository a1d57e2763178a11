namespace Strongroom.EndToEnd.Tests.Pkcs11Binding;

/// <summary>A mechanism; the parameter is laid out as its CK_…_PARAMS when it is put into native memory.</summary>
internal sealed record Mechanism(ulong Number, Func<NativeMemory, byte[]>? Parameter = null)
{
    public static Mechanism WithIv(ulong number, byte[] iv) => new(number, _ => iv);

    public static Mechanism WithLength(ulong number, int length) => new(number, m => m.Words(length));

    /// <summary>CK_GCM_PARAMS.</summary>
    public static Mechanism Gcm(byte[] iv, byte[] aad, int tagBits) =>
        new(Ckm.AesGcm, m => m.Words(m.Put(iv), iv.Length, iv.Length * 8, m.Put(aad), aad.Length, tagBits));

    /// <summary>CK_CCM_PARAMS.</summary>
    public static Mechanism Ccm(int dataLength, byte[] nonce, byte[] aad, int macLength) =>
        new(Ckm.AesCcm, m => m.Words(dataLength, m.Put(nonce), nonce.Length, m.Put(aad), aad.Length, macLength));

    /// <summary>CK_RSA_PKCS_PSS_PARAMS.</summary>
    public static Mechanism Pss(ulong number, string hash, string mgfHash, int saltLength) =>
        new(number, m => m.Words((nint)Ckm.Hash(hash), (nint)Ckm.Mgf1(mgfHash), saltLength));

    /// <summary>CK_RSA_PKCS_OAEP_PARAMS.</summary>
    public static Mechanism Oaep(string hash, string mgfHash, byte[] label) =>
        new(Ckm.RsaPkcsOaep, m => m.Words((nint)Ckm.Hash(hash), (nint)Ckm.Mgf1(mgfHash), 1, label.Length == 0 ? 0 : m.Put(label), label.Length));

    /// <summary>CK_ECDH1_DERIVE_PARAMS with CKD_NULL.</summary>
    public static Mechanism Ecdh(byte[] publicPoint) => new(Ckm.EcdhDerive, m => m.Words(1, 0, 0, publicPoint.Length, m.Put(publicPoint)));

    /// <summary>CK_HKDF_PARAMS, extract and expand.</summary>
    public static Mechanism Hkdf(string hash, byte[] salt, byte[] info) => new(Ckm.HkdfDerive, m => m.Words(
        0x0101, (nint)Ckm.Hash(hash), salt.Length == 0 ? 1 : 2, salt.Length == 0 ? 0 : m.Put(salt), salt.Length, 0, info.Length == 0 ? 0 : m.Put(info), info.Length));

    /// <summary>The same with a salt that is a key.</summary>
    public static Mechanism Hkdf(string hash, ulong saltKey, byte[] info) =>
        new(Ckm.HkdfDerive, m => m.Words(0x0101, (nint)Ckm.Hash(hash), 4, 0, 0, (nint)saltKey, info.Length == 0 ? 0 : m.Put(info), info.Length));

    /// <summary>CK_PKCS5_PBKD2_PARAMS2.</summary>
    public static Mechanism Pbkdf2(int function, byte[] password, byte[] salt, int iterations) =>
        new(Ckm.Pbkdf2, m => m.Words(1, m.Put(salt), salt.Length, iterations, function, 0, 0, m.Put(password), password.Length));

    /// <summary>CK_SIGN_ADDITIONAL_CONTEXT, deterministic or hedged.</summary>
    public static Mechanism WithContext(ulong number, byte[] context, bool deterministic) => new(number, m => m.Words(deterministic ? 2 : 0, m.Put(context), context.Length));

    /// <summary>A CK_MECHANISM in native memory.</summary>
    public nint Put(NativeMemory memory)
    {
        var parameter = Parameter?.Invoke(memory) ?? [];
        return memory.Put(memory.Words((nint)Number, parameter.Length == 0 ? 0 : memory.Put(parameter), parameter.Length));
    }
}
