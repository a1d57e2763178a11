using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

public sealed unsafe partial class EvpKey
{
    /// <summary>What an RSA signature was made of, from the signature and the public key.</summary>
    /// <param name="scheme">PKCS#1 without a digest, or Raw.</param>
    /// <param name="signature">As many bytes as the modulus has.</param>
    /// <param name="output">At least as many.</param>
    /// <param name="written">Bytes of what was signed.</param>
    /// <returns>False if the signature is no number below the modulus, or has not the scheme's padding.</returns>
    public bool TryRecover(in SignatureScheme scheme, ReadOnlySpan<byte> signature, Span<byte> output, out int written)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, SignatureSize);
        using var use = new Lease(this);
        var context = LibCrypto.Must(LibCrypto.EVP_PKEY_CTX_new_from_pkey(LibCrypto.Context, handle, LibCrypto.Properties), "EVP_PKEY_CTX_new_from_pkey");
        try
        {
            var parameters = stackalloc OsslParam[2];
            parameters[0] = OsslParam.Text("pad-mode"u8, scheme.Kind == SignatureKind.Raw ? "none"u8 : "pkcs1"u8);
            parameters[1] = OsslParam.End;
            LibCrypto.Must(LibCrypto.EVP_PKEY_verify_recover_init_ex(context, parameters), "EVP_PKEY_verify_recover_init_ex");
            fixed (byte* from = signature, to = output)
            {
                var length = (nuint)output.Length;
                var done = LibCrypto.EVP_PKEY_verify_recover(context, to, &length, from, (nuint)signature.Length) == 1;
                written = done ? (int)length : 0;
                LibCrypto.ERR_clear_error();
                return done;
            }
        }
        finally
        {
            LibCrypto.EVP_PKEY_CTX_free(context);
        }
    }
}
