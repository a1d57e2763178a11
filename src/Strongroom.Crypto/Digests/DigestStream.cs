using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>Hashing in parts. Not for two threads at once.</summary>
public sealed unsafe class DigestStream : SafeHandle
{
    /// <summary>Starts.</summary>
    public DigestStream(DigestAlgorithm algorithm)
        : base(0, ownsHandle: true)
    {
        Algorithm = algorithm;
        SetHandle(LibCrypto.Must(LibCrypto.EVP_MD_CTX_new(), "EVP_MD_CTX_new"));
        LibCrypto.Must(LibCrypto.EVP_DigestInit_ex2(handle, algorithm.Handle, null), "EVP_DigestInit_ex2");
    }

    /// <summary>Which function.</summary>
    public DigestAlgorithm Algorithm { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>Takes one more part.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        fixed (byte* input = data)
        {
            LibCrypto.Must(LibCrypto.EVP_DigestUpdate(handle, input, (nuint)data.Length), "EVP_DigestUpdate");
        }
    }

    /// <summary>Ends; after it the stream can be restarted or disposed.</summary>
    /// <param name="output">At least <see cref="DigestAlgorithm.Size"/> bytes.</param>
    public void Finish(Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, Algorithm.Size);
        fixed (byte* result = output)
        {
            if (Algorithm.IsExtendable)
            {
                LibCrypto.Must(LibCrypto.EVP_DigestFinalXOF(handle, result, (nuint)Algorithm.Size), "EVP_DigestFinalXOF");
                return;
            }

            uint length;
            LibCrypto.Must(LibCrypto.EVP_DigestFinal_ex(handle, result, &length), "EVP_DigestFinal_ex");
        }
    }

    /// <summary>Begins anew, so that one stream serves many messages.</summary>
    public void Restart()
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        LibCrypto.Must(LibCrypto.EVP_DigestInit_ex2(handle, Algorithm.Handle, null), "EVP_DigestInit_ex2");
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_MD_CTX_free(handle);
        return true;
    }
}
