using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Strongroom.Client;

/// <summary>
/// The Ed25519 key pair of one instance (RFC 8032): drawn when the client starts, never stored. A login ticket is bound to it.
/// .NET 10 has no Ed25519, and this project may not depend on the HSM's own binding, so it calls the host's libcrypto itself.
/// </summary>
internal sealed partial class InstanceKey : SafeHandle
{
    private const int Ed25519 = 1087; // EVP_PKEY_ED25519
    private const int KeySize = 32;
    private const int SignatureSize = 64;

    public InstanceKey()
        : base(IntPtr.Zero, ownsHandle: true)
    {
        Span<byte> seed = stackalloc byte[KeySize];
        RandomNumberGenerator.Fill(seed);
        SetHandle(NewPrivate(Ed25519, IntPtr.Zero, seed, KeySize));
        CryptographicOperations.ZeroMemory(seed);
        Require(!IsInvalid, "EVP_PKEY_new_raw_private_key");
        var publicKey = new byte[KeySize];
        nuint size = KeySize;
        Require(GetPublic(handle, publicKey, ref size) == 1 && size == KeySize, "EVP_PKEY_get_raw_public_key");
        PublicKey = publicKey;
    }

    /// <summary>32 bytes.</summary>
    public byte[] PublicKey { get; }

    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <summary>Signs; 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var context = NewContext();
        Require(context != IntPtr.Zero, "EVP_MD_CTX_new");
        try
        {
            var signature = new byte[SignatureSize];
            nuint size = SignatureSize;
            Require(SignInit(context, IntPtr.Zero, IntPtr.Zero, IntPtr.Zero, this) == 1, "EVP_DigestSignInit");
            Require(SignOnce(context, signature, ref size, message, (nuint)message.Length) == 1 && size == SignatureSize, "EVP_DigestSign");
            return signature;
        }
        finally
        {
            FreeContext(context);
        }
    }

    protected override bool ReleaseHandle()
    {
        FreeKey(handle);
        return true;
    }

    private static void Require(bool done, string step)
    {
        if (!done)
        {
            throw new CryptographicException($"libcrypto: {step} failed for Ed25519");
        }
    }

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial IntPtr NewPrivate(int type, IntPtr engine, ReadOnlySpan<byte> key, nuint size);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int GetPublic(IntPtr key, Span<byte> publicKey, ref nuint size);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(IntPtr key);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_MD_CTX_new")]
    private static partial IntPtr NewContext();

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(IntPtr context);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_DigestSignInit")]
    private static partial int SignInit(IntPtr context, IntPtr keyContext, IntPtr digest, IntPtr engine, InstanceKey key);

    [LibraryImport("libcrypto.so.3", EntryPoint = "EVP_DigestSign")]
    private static partial int SignOnce(IntPtr context, Span<byte> signature, ref nuint size, ReadOnlySpan<byte> message, nuint messageSize);
}
