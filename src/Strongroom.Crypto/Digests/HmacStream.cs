using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>HMAC (FIPS 198-1) in parts. Not for two threads at once.</summary>
public sealed unsafe class HmacStream : SafeHandle
{
    /// <summary>Starts under a copy of the key that libcrypto keeps and clears.</summary>
    /// <param name="algorithm">The hash function.</param>
    /// <param name="key">Any length.</param>
    public HmacStream(DigestAlgorithm algorithm, ReadOnlySpan<byte> key)
        : base(0, ownsHandle: true)
    {
        Algorithm = algorithm;
        SetHandle(Hmac.Start(algorithm, key));
    }

    /// <summary>The hash function.</summary>
    public DigestAlgorithm Algorithm { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>Takes one more part.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Hmac.Feed(handle, data);
    }

    /// <summary>Ends; the stream can only be disposed after it.</summary>
    /// <param name="output">At least the hash's size.</param>
    public void Finish(Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Hmac.End(handle, Algorithm, output);
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_MAC_CTX_free(handle);
        return true;
    }
}
