using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_RSA_AES_KEY_WRAP, PKCS#11 3.2, 6.1.22: a fresh AES key under RSA-OAEP, followed by the wrapped key under that AES key (SP 800-38F KWP). So an RSA key can wrap keys of any length.
public sealed class RsaAesKeyWrap : Mechanism
{
    private const int Growth = 16;

    public override ulong Number => 0x1054;

    public override string Name => "CKM_RSA_AES_KEY_WRAP";

    public override MechanismFlags Flags => MechanismFlags.Wrap | MechanismFlags.Unwrap;

    public override KeySizes KeySizes => KeySizes.Rsa;

    public override ParameterShape Shape => ParameterShape.RsaAesWrap;

    protected override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) => RsaCipher.Accepts(use, objectClass, type);

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        OaepParameter.Read(call) is not { } scheme ? MechanismCauses.HashUnknown
        : call.Bits is not (128 or 192 or 256) || scheme.LongestInput(((RsaKey)key).Size) < (int)call.Bits.Value / 8 ? MechanismCauses.AesKeyBits : Outcome.Ok;

    protected override Outcome<DrawnIv> WrapChecked(in MechanismCall call, KeyMaterial wrappingKey, ClusterMode mode, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        using var temporary = SecretBuffer.Random((int)call.Bits!.Value / 8);
        var wrapped = RsaCipher.Encrypt(OaepParameter.Read(call)!.Value, (RsaKey)wrappingKey, temporary.Span, output, MechanismCauses.KeyNotWrappable);
        if (wrapped.IsOk)
        {
            output.Advance(BlockCipher.Encrypt(CipherAlgorithm.AesWrapPad, temporary.Span, default, padding: false, bytes, output.Take(bytes.Length + Growth)));
        }

        return wrapped;
    }

    protected override Outcome<SecretBuffer> UnwrapChecked(in MechanismCall call, KeyMaterial unwrappingKey, ClusterMode mode, ReadOnlySpan<byte> wrapped, KeyTarget target)
    {
        var key = (RsaKey)unwrappingKey;
        if (wrapped.Length < key.Size + Growth || (wrapped.Length - key.Size) % 8 != 0)
        {
            return MechanismCauses.UnwrappingFailed;
        }

        var opened = RsaCipher.Unwrap(OaepParameter.Read(call)!.Value, key, wrapped[..key.Size]);
        if (!opened.IsOk)
        {
            return opened;
        }

        using var temporary = opened.Value;
        using var output = SecretBuffer.Allocate(wrapped.Length);
        return temporary.Length == (int)call.Bits!.Value / 8
            && BlockCipher.TryDecrypt(CipherAlgorithm.AesWrapPad, temporary.Span, default, padding: false, wrapped[key.Size..], output.Span, out var written)
            ? SecretBuffer.CopyOf(output.Span[..written])
            : MechanismCauses.UnwrappingFailed;
    }
}
