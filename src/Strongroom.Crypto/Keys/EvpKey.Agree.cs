using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

public sealed unsafe partial class EvpKey
{
    /// <summary>Diffie-Hellman: the secret that this private key shares with a public one (SP 800-56A 5.7.1.2; RFC 7748 6).</summary>
    /// <param name="peer">A public key of the same curve.</param>
    /// <returns>As many bytes as a coordinate has; null if the two share none (a point of low order).</returns>
    public SecretBuffer? Agree(EvpKey peer)
    {
        using var use = new Lease(this);
        using var other = new Lease(peer);
        var context = LibCrypto.Must(LibCrypto.EVP_PKEY_CTX_new_from_pkey(LibCrypto.Context, handle, LibCrypto.Properties), "EVP_PKEY_CTX_new_from_pkey");
        SecretBuffer? secret = null;
        try
        {
            nuint length = 0;
            LibCrypto.Must(LibCrypto.EVP_PKEY_derive_init_ex(context, null), "EVP_PKEY_derive_init_ex");
            if (LibCrypto.EVP_PKEY_derive_set_peer(context, peer.handle) != 1 || LibCrypto.EVP_PKEY_derive(context, null, &length) != 1)
            {
                return null;
            }

            secret = SecretBuffer.Allocate((int)length);
            var done = LibCrypto.EVP_PKEY_derive(context, secret.Pointer, &length) == 1 && (int)length == secret.Length;
            var result = done ? secret : null;
            secret = done ? null : secret;
            return result;
        }
        finally
        {
            secret?.Dispose();
            LibCrypto.ERR_clear_error();
            LibCrypto.EVP_PKEY_CTX_free(context);
        }
    }
}
