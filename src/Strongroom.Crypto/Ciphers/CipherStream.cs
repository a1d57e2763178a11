using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>A block cipher over data that comes in parts. Not for two threads at once.</summary>
public sealed unsafe class CipherStream : SafeHandle
{
    private readonly int _blockSize;

    /// <summary>Starts; libcrypto keeps its own key schedule and clears it.</summary>
    /// <param name="algorithm">Cipher and mode.</param>
    /// <param name="encrypts">Direction.</param>
    /// <param name="key">16, 24 or 32 bytes.</param>
    /// <param name="iv">As long as the mode's.</param>
    /// <param name="padding">PKCS#7 padding.</param>
    public CipherStream(CipherAlgorithm algorithm, bool encrypts, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, bool padding)
        : base(0, ownsHandle: true)
    {
        _blockSize = algorithm.BlockSize;
        SetHandle(BlockCipher.Start(algorithm, encrypts, key, iv, padding));
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The most that <see cref="Update"/> writes for so many bytes of input.</summary>
    public int OutputBound(int input) => checked(input + _blockSize);

    /// <summary>Takes one more part.</summary>
    /// <param name="data">Input.</param>
    /// <param name="output">At least <see cref="OutputBound"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Update(ReadOnlySpan<byte> data, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, OutputBound(data.Length));
        fixed (byte* input = data, result = output)
        {
            int written;
            LibCrypto.Must(LibCrypto.EVP_CipherUpdate(handle, result, &written, input, data.Length), "EVP_CipherUpdate");
            return written;
        }
    }

    /// <summary>Ends; the stream can only be disposed after it.</summary>
    /// <param name="output">At least one block.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False if the length of what was given, or the padding of what was decrypted, is wrong.</returns>
    public bool TryFinish(Span<byte> output, out int written)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, _blockSize);
        fixed (byte* result = output)
        {
            int count;
            if (LibCrypto.EVP_CipherFinal_ex(handle, result, &count) == 1)
            {
                written = count;
                return true;
            }
        }

        LibCrypto.ERR_clear_error();
        written = 0;
        return false;
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_CIPHER_CTX_free(handle);
        return true;
    }
}
