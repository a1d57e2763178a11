using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>AES-GCM decryption of data that comes in parts. Its output is not authentic before <see cref="TryFinish"/> has said so: whoever uses it gives nothing out until then (SP 800-38D 7.2). Not for two threads at once.</summary>
public sealed unsafe class AeadOpenStream : SafeHandle
{
    /// <summary>Starts; libcrypto keeps its own key schedule and clears it.</summary>
    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="nonce">1 to 128 bytes.</param>
    /// <param name="associated">Authenticated, not encrypted.</param>
    public AeadOpenStream(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated)
        : base(0, ownsHandle: true) => SetHandle(Aead.Start(key, nonce, associated, encrypt: false));

    public override bool IsInvalid => handle == 0;

    /// <summary>Takes one more part.</summary>
    /// <param name="data">Ciphertext.</param>
    /// <param name="output">As many bytes of plaintext.</param>
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
    /// <returns>Whether everything that was taken is authentic.</returns>
    public bool TryFinish(ReadOnlySpan<byte> tag)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Aead.CheckTag(tag.Length);
        var nothing = stackalloc byte[16];
        fixed (byte* given = tag)
        {
            int written;
            LibCrypto.Must(LibCrypto.EVP_CIPHER_CTX_ctrl(handle, LibCrypto.CtrlAeadSetTag, tag.Length, given), "EVP_CTRL_AEAD_SET_TAG");
            var isAuthentic = LibCrypto.EVP_CipherFinal_ex(handle, nothing, &written) == 1;
            LibCrypto.ERR_clear_error();
            return isAuthentic;
        }
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}
