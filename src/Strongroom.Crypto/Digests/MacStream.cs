using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>A message authentication code in parts: HMAC (FIPS 198-1) or AES-CMAC (SP 800-38B). libcrypto keeps its own copy of the key and clears it. Not for two threads at once.</summary>
public sealed unsafe class MacStream : SafeHandle
{
    private const int CmacSize = 16;

    private MacStream(nint context, int size)
        : base(0, ownsHandle: true)
    {
        SetHandle(context);
        Size = size;
    }

    /// <summary>Bytes of the code.</summary>
    public int Size { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>Starts an HMAC.</summary>
    /// <param name="algorithm">The hash function.</param>
    /// <param name="key">Any length.</param>
    public static MacStream Hmac(DigestAlgorithm algorithm, ReadOnlySpan<byte> key) => new(Crypto.Hmac.Start(algorithm, key), algorithm.Size);

    /// <summary>Starts an AES-CMAC.</summary>
    /// <param name="key">16, 24 or 32 bytes.</param>
    public static MacStream AesCmac(ReadOnlySpan<byte> key) => new(Cmac.Start(key), CmacSize);

    /// <summary>Takes one more part.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Crypto.Hmac.Feed(handle, data);
    }

    /// <summary>Ends; the stream can only be disposed after it.</summary>
    /// <param name="output">At least <see cref="Size"/> bytes; exactly that many are written.</param>
    public void Finish(Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Crypto.Hmac.End(handle, Size, output);
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_MAC_CTX_free(handle);
        return true;
    }
}
