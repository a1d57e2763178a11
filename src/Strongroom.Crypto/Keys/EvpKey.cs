using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>
/// An asymmetric key as libcrypto holds it. Any number of threads may use it at once.
/// Parts: this file, what it is and what it gives out; <c>EvpKey.Open.cs</c>, how it comes to be; <c>EvpKey.Sign.cs</c>, signatures; <c>EvpKey.Encrypt.cs</c>, RSA encryption; <c>EvpKey.Agree.cs</c>, Diffie-Hellman; <c>EvpKey.Raw.cs</c>, Ed25519 and X25519.
/// </summary>
public sealed unsafe partial class EvpKey : SafeHandle
{
    private EvpKey(nint key, EcCurve? curve)
        : base(0, ownsHandle: true)
    {
        SetHandle(key);
        Curve = curve;
        Bits = LibCrypto.EVP_PKEY_get_bits(key);
        SignatureSize = curve is null ? LibCrypto.EVP_PKEY_get_size(key) : 2 * curve.Size;
    }

    /// <summary>The curve of an EC key; null for others.</summary>
    public EcCurve? Curve { get; }

    /// <summary>Bits of the modulus or of the order.</summary>
    public int Bits { get; }

    /// <summary>Bytes of a signature: of the modulus, or twice the order's.</summary>
    public int SignatureSize { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>A number of the key ("n", "e", "d", "rsa-factor1" … or "priv"), little-endian.</summary>
    /// <param name="name">libcrypto's name of the parameter.</param>
    /// <param name="length">Bytes wanted; 0: as many as it has.</param>
    /// <exception cref="CryptoException">The key has no such number, or it is longer.</exception>
    public SecretBuffer ReadNumber(string name, int length = 0)
    {
        using var use = new Lease(this);
        nint number = 0;
        LibCrypto.Must(LibCrypto.EVP_PKEY_get_bn_param(handle, name, &number), $"EVP_PKEY_get_bn_param({name})");
        try
        {
            var buffer = SecretBuffer.Allocate(length > 0 ? length : (LibCrypto.BN_num_bits(number) + 7) / 8);
            if (LibCrypto.BN_bn2lebinpad(number, buffer.Pointer, buffer.Length) < 0)
            {
                buffer.Dispose();
                throw new CryptoException($"The key's {name} is longer than {length} bytes.");
            }

            return buffer;
        }
        finally
        {
            LibCrypto.BN_clear_free(number);
        }
    }

    /// <summary>The public point of an EC key, uncompressed: 04 and two coordinates.</summary>
    public byte[] ReadPoint()
    {
        using var use = new Lease(this);
        var point = new byte[Curve?.PointSize ?? throw new InvalidOperationException("Only EC keys have a point.")];
        nuint length = 0;
        fixed (byte* output = point)
        {
            LibCrypto.Must(LibCrypto.EVP_PKEY_get_octet_string_param(handle, "pub", output, (nuint)point.Length, &length), "EVP_PKEY_get_octet_string_param(pub)");
        }

        return (int)length == point.Length && point[0] == 4 ? point : throw new CryptoException("libcrypto gave a point that is not uncompressed.");
    }

    /// <summary>The public key as X.509 has it (SubjectPublicKeyInfo), DER.</summary>
    public byte[] SubjectPublicKeyInfo()
    {
        using var use = new Lease(this);
        byte* encoded = null;
        var length = LibCrypto.i2d_PUBKEY(handle, &encoded);
        LibCrypto.Must(length, "i2d_PUBKEY");
        var copy = new ReadOnlySpan<byte>(encoded, length).ToArray();
        LibCrypto.CRYPTO_free((nint)encoded, 0, 0);
        return copy;
    }

    /// <summary>The private key as PKCS#8 has it (PrivateKeyInfo), DER.</summary>
    public SecretBuffer ToPkcs8()
    {
        using var use = new Lease(this);
        var info = LibCrypto.Must(LibCrypto.EVP_PKEY2PKCS8(handle), "EVP_PKEY2PKCS8");
        try
        {
            var length = LibCrypto.i2d_PKCS8_PRIV_KEY_INFO(info, null);
            LibCrypto.Must(length, "i2d_PKCS8_PRIV_KEY_INFO");
            var buffer = SecretBuffer.Allocate(length);
            var output = buffer.Pointer;
            LibCrypto.Must(LibCrypto.i2d_PKCS8_PRIV_KEY_INFO(info, &output), "i2d_PKCS8_PRIV_KEY_INFO");
            return buffer;
        }
        finally
        {
            LibCrypto.PKCS8_PRIV_KEY_INFO_free(info);   // clears the private bytes (ASN1_STRING_clear_free in its callback)
        }
    }

    /// <summary>Whether a private key is whole and consistent: primes are prime, numbers belong together, the point is the scalar's (which is always so with Ed25519 and X25519). Tens of milliseconds for RSA.</summary>
    public bool IsConsistent() => Raw is not null || Check(static context => LibCrypto.EVP_PKEY_check(context));

    /// <summary>Whether a public key is one: the point is on the curve and of the right order.</summary>
    public bool IsPublicKeyValid() => Check(static context => LibCrypto.EVP_PKEY_public_check(context));

    private bool Check(Func<nint, int> check)
    {
        using var use = new Lease(this);
        var context = LibCrypto.Must(LibCrypto.EVP_PKEY_CTX_new_from_pkey(LibCrypto.Context, handle, LibCrypto.Properties), "EVP_PKEY_CTX_new_from_pkey");
        var valid = check(context) == 1;
        LibCrypto.ERR_clear_error();
        LibCrypto.EVP_PKEY_CTX_free(context);
        return valid;
    }

    protected override bool ReleaseHandle()
    {
        FreeIdleContexts();
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }

    // Keeps the native key alive for one call, whatever another thread disposes meanwhile.
    private readonly ref struct Lease
    {
        private readonly EvpKey _key;

        public Lease(EvpKey key)
        {
            var taken = false;
            key.DangerousAddRef(ref taken);
            _key = key;
        }

        public void Dispose() => _key.DangerousRelease();
    }
}
