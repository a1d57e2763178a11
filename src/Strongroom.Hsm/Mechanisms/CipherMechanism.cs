using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>
/// The family of ciphers under a secret key; those that announce it wrap keys with the same computation. A leaf encrypts and decrypts one whole input; what it refuses to decrypt,
/// for whatever reason, is one refusal (CKR_ENCRYPTED_DATA_INVALID, or CKR_WRAPPED_KEY_INVALID), so that a caller learns nothing from it.
/// </summary>
public abstract class CipherMechanism : Mechanism
{
    /// <summary>Room beyond the input that a decryption may need while it runs, in bytes.</summary>
    private const int Slack = 32;

    /// <summary>The type of its keys.</summary>
    protected virtual KeyType KeyType => KeyType.Aes;

    protected sealed override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) => objectClass == ObjectClass.SecretKey && type == KeyType;

    /// <summary>Whether an input to encrypt may have so many bytes.</summary>
    protected virtual bool IsPlaintextLengthValid(int length) => true;

    /// <summary>Whether an input may have so many bytes under this parameter.</summary>
    protected virtual bool IsPlaintextLengthValid(in MechanismCall call, int length) => IsPlaintextLengthValid(length);

    /// <summary>Encrypts a whole input whose length is valid.</summary>
    protected abstract DrawnIv Encrypt(in MechanismCall call, SecretKey key, ClusterMode mode, ReadOnlySpan<byte> data, IBufferWriter<byte> output);

    /// <summary>Decrypts a whole input of any length.</summary>
    /// <param name="call">The mechanism with its parameter.</param>
    /// <param name="key">The key.</param>
    /// <param name="data">Ciphertext.</param>
    /// <param name="output">32 bytes more than the input.</param>
    /// <param name="written">Bytes of plaintext.</param>
    protected abstract bool TryDecrypt(in MechanismCall call, SecretKey key, ReadOnlySpan<byte> data, Span<byte> output, out int written);

    protected sealed override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        if (use == Use.Encrypt)
        {
            return IsPlaintextLengthValid(call, data.Length) ? Encrypt(call, (SecretKey)key!, mode, data, output) : MechanismCauses.DataLength;
        }

        if (!TryDecrypt(call, (SecretKey)key!, data, output.Take(data.Length + Slack), out var written))
        {
            return MechanismCauses.DecryptionFailed;
        }

        output.Advance(written);
        return DrawnIv.None;
    }

    protected sealed override Outcome<DrawnIv> WrapChecked(in MechanismCall call, KeyMaterial wrappingKey, ClusterMode mode, ReadOnlySpan<byte> bytes, IBufferWriter<byte> output) =>
        IsPlaintextLengthValid(call, bytes.Length) ? Encrypt(call, (SecretKey)wrappingKey, mode, bytes, output) : MechanismCauses.KeyNotWrappable;

    protected sealed override Outcome<SecretBuffer> UnwrapChecked(in MechanismCall call, KeyMaterial unwrappingKey, ClusterMode mode, ReadOnlySpan<byte> wrapped, KeyTarget target)
    {
        using var output = SecretBuffer.Allocate(wrapped.Length + Slack);
        return TryDecrypt(call, (SecretKey)unwrappingKey, wrapped, output.Span, out var written) ? SecretBuffer.CopyOf(output.Span[..written]) : MechanismCauses.UnwrappingFailed;
    }
}
