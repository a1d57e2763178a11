using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>AES-GCM encryption of data that comes in parts. Not for two threads at once.</summary>
public sealed unsafe class AeadSealStream : SafeHandle
{
    /// <summary>Starts; libcrypto keeps its own key schedule and clears it.</summary>
    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="nonce">1 to 128 bytes, never used before under this key.</param>
    /// <param name="associated">Authenticated, not encrypted.</param>
    public AeadSealStream(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated)
        : base(0, ownsHandle: true) => SetHandle(Aead.Start(key, nonce, associated, encrypt: true));

    public override bool IsInvalid => handle == 0;

    /// <summary>Takes one more part.</summary>
    /// <param name="data">Plaintext.</param>
    /// <param name="output">As many bytes of ciphertext.</param>
    public void Update(ReadOnlySpan<byte> data, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, data.Length);
        if (data.IsEmpty)
        {
            return;
        }

        fixed (byte* input = data, result = output)
        {
            int written;
            LibCrypto.Must(LibCrypto.EVP_CipherUpdate(handle, result, &written, input, data.Length), "EVP_CipherUpdate");
        }
    }

    /// <summary>Ends; the stream can only be disposed after it.</summary>
    /// <param name="tag">4, 8 or 12 to 16 bytes.</param>
    public void Finish(Span<byte> tag)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Aead.CheckTag(tag.Length);
        var nothing = stackalloc byte[16];
        fixed (byte* output = tag)
        {
            int written;
            LibCrypto.Must(LibCrypto.EVP_CipherFinal_ex(handle, nothing, &written), "EVP_CipherFinal_ex");
            LibCrypto.Must(LibCrypto.EVP_CIPHER_CTX_ctrl(handle, LibCrypto.CtrlAeadGetTag, tag.Length, output), "EVP_CTRL_AEAD_GET_TAG");
        }
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}
