using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_RSA_PKCS, PKCS#11 3.2, 6.1.6; RFC 8017 8.2 without the hashing: the input is the DigestInfo that the caller made, at most 11 bytes shorter than the modulus.
// RFC 8017 7.2 for encryption and wrapping, which are NON_FIPS only (SP 800-131A 6). Unwrapping goes on with a random key when the padding or the length is wrong, so that nobody learns which ciphertexts
// are well-formed (Bleichenbacher's attack): the same ciphertext always gives the same key, of a length that the template allows, derived from it and from the private exponent. C_Decrypt can't do so, since it gives the plaintext back: its failures are limited (OracleGuard), and an admin can switch it off.
public sealed class RsaPkcs : RsaPkcsMechanism
{
    public override ulong Number => 0x1;

    public override string Name => "CKM_RSA_PKCS";

    protected override DigestAlgorithm? Hash => null;

    protected override MechanismFlags MoreFlags => MechanismFlags.Encrypt | MechanismFlags.Decrypt | MechanismFlags.Wrap | MechanismFlags.Unwrap | RsaRecovery.Flags;

    public override bool IsApproved(Use use) => use is Use.Sign or Use.Verify or Use.SignRecover or Use.VerifyRecover;

    public override bool IsOracle(Use use) => use == Use.Decrypt;

    protected override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) =>
        use switch
        {
            Use.Sign or Use.Verify => base.AcceptsKey(use, objectClass, type),
            Use.SignRecover or Use.VerifyRecover => RsaRecovery.Accepts(use, objectClass, type),
            _ => RsaCipher.Accepts(use, objectClass, type),
        };

    protected override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) =>
        use switch
        {
            Use.Sign or Use.Verify or Use.SignRecover => base.LengthOf(use, call, key),
            Use.VerifyRecover => RsaRecovery.LengthOf((RsaKey)key!),
            _ => RsaCipher.LengthOf(use, RsaEncryption.Pkcs1, (RsaKey)key!),
        };

    protected override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output) => use switch
        {
            Use.Encrypt => RsaCipher.Encrypt(RsaEncryption.Pkcs1, (RsaKey)key!, data, output, MechanismCauses.DataLength),
            Use.Decrypt => RsaCipher.Decrypt(RsaEncryption.Pkcs1, (RsaKey)key!, data, output),
            Use.VerifyRecover => RsaRecovery.Recover(SignatureScheme.Pkcs1Raw, (RsaKey)key!, data, output),
            _ => base.PerformChecked(use == Use.SignRecover ? Use.Sign : use, call, key, mode, data, signature, output),
        };

    protected override Outcome<DrawnIv> WrapChecked(in MechanismCall call, KeyMaterial wrappingKey, ClusterMode mode, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output) =>
        RsaCipher.Encrypt(RsaEncryption.Pkcs1, (RsaKey)wrappingKey, bytes, output, MechanismCauses.KeyNotWrappable);

    protected override Outcome<SecretBuffer> UnwrapChecked(in MechanismCall call, KeyMaterial unwrappingKey, ClusterMode mode, ReadOnlySpan<byte> wrapped, KeyTarget target)
    {
        // A ciphertext's length is no secret, and neither is what the caller's own template asks for.
        var key = (RsaKey)unwrappingKey;
        if (wrapped.Length != key.Size)
        {
            return MechanismCauses.UnwrappingFailed;
        }

        // A private key may have any length, and has a structure that nothing random has: wrong padding ends as wrong structure does, at the same place.
        var isAllowed = new byte[key.Size + 1];
        List<int> lengths = [.. Enumerable.Range(1, RsaEncryption.Pkcs1.LongestInput(key.Size))
            .Where(length => target.Class != ObjectClass.SecretKey || (SecretKey.IsLengthValid(target.Type, length) && (target.Length ?? length) == length))];
        if (lengths.Count == 0)
        {
            return MechanismCauses.UnwrappingFailed;
        }

        lengths.ForEach(length => isAllowed[length] = 0xFF);
        using var derived = SecretBuffer.Allocate(key.Size + sizeof(uint));
        using var exponent = key.Evp.ReadNumber("d");
        Hkdf.Derive(exponent.Span, wrapped, "strongroom pkcs1 v1.5 unwrap"u8, derived.Span);
        var substituteLength = lengths[(int)(BitConverter.ToUInt32(derived.Span[key.Size..]) % (uint)lengths.Count)];
        return key.Evp.DecryptPkcs1OrSubstitute(wrapped, isAllowed, derived.Span[..key.Size], substituteLength);
    }
}
