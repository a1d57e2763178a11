using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

// An EVP_PKEY_CTX that is ready for a scheme is worth 2 to 4 µs, but is for one thread at a time. So each key keeps a few that are idle; a thread takes one with an exchange and puts it back.
public sealed unsafe partial class EvpKey
{
    private const int IdleSlots = 4;   // as many threads as sign with one key at the same moment on the machines that we know; more make and free their own

    private readonly ReadyContext?[] _idle = new ReadyContext?[IdleSlots];   // each slot is only ever exchanged: whoever got the context out of it owns it

    /// <summary>Signs.</summary>
    /// <param name="scheme">What the key's type allows.</param>
    /// <param name="input">A hash, or for PKCS#1 without a digest up to 11 bytes less than the modulus.</param>
    /// <param name="signature">At least <see cref="SignatureSize"/> bytes, of which exactly that many are written.</param>
    /// <exception cref="CryptoException">The input does not fit the scheme, or the modulus is too short for it.</exception>
    public void Sign(in SignatureScheme scheme, ReadOnlySpan<byte> input, Span<byte> signature)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(signature.Length, SignatureSize);
        using var use = new Lease(this);
        var ready = Take(scheme, verifies: false);
        Span<byte> der = stackalloc byte[scheme.Kind == SignatureKind.Ecdsa ? EcdsaSignature.MaxDerSize(SignatureSize / 2) : 0];
        nuint length;
        fixed (byte* from = input, to = der.IsEmpty ? signature : der)
        {
            length = (nuint)(der.IsEmpty ? signature.Length : der.Length);
            if (LibCrypto.EVP_PKEY_sign(ready.Context, to, &length, from, (nuint)input.Length) != 1)
            {
                LibCrypto.EVP_PKEY_CTX_free(ready.Context);
                throw LibCrypto.Failure("EVP_PKEY_sign");
            }
        }

        Return(ready);
        if (!der.IsEmpty)
        {
            EcdsaSignature.FromDer(der[..(int)length], signature[..SignatureSize]);
        }
    }

    /// <summary>Verifies.</summary>
    /// <param name="scheme">What the key's type allows.</param>
    /// <param name="input">As it was signed.</param>
    /// <param name="signature">Any length.</param>
    /// <returns>Whether it is this key's signature of this input.</returns>
    public bool Verify(in SignatureScheme scheme, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureSize)
        {
            return false;
        }

        using var use = new Lease(this);
        Span<byte> der = stackalloc byte[scheme.Kind == SignatureKind.Ecdsa ? EcdsaSignature.MaxDerSize(SignatureSize / 2) : 0];
        var encoded = der.IsEmpty ? signature : der[..EcdsaSignature.ToDer(signature, der)];
        var ready = Take(scheme, verifies: true);
        fixed (byte* from = input, given = encoded)
        {
            var valid = LibCrypto.EVP_PKEY_verify(ready.Context, given, (nuint)encoded.Length, from, (nuint)input.Length) == 1;
            if (!valid)
            {
                LibCrypto.ERR_clear_error();
            }

            Return(ready);
            return valid;
        }
    }

    private ReadyContext Take(in SignatureScheme scheme, bool verifies)
    {
        for (var slot = 0; slot < IdleSlots; slot++)
        {
            var seen = Volatile.Read(ref _idle[slot]);
            if (seen is not null && seen.Verifies == verifies && seen.Scheme == scheme && ReferenceEquals(Interlocked.CompareExchange(ref _idle[slot], null, seen), seen))
            {
                return seen;
            }
        }

        var context = LibCrypto.Must(LibCrypto.EVP_PKEY_CTX_new_from_pkey(LibCrypto.Context, handle, LibCrypto.Properties), "EVP_PKEY_CTX_new_from_pkey");
        if (Prepare(context, scheme, verifies) != 1)
        {
            LibCrypto.EVP_PKEY_CTX_free(context);
            throw LibCrypto.Failure(verifies ? "EVP_PKEY_verify_init_ex" : "EVP_PKEY_sign_init_ex");
        }

        return new ReadyContext(context, scheme, verifies);
    }

    private void Return(ReadyContext ready)
    {
        // An empty slot if there is one; else it displaces another, so that a change of scheme does not leave the cache full of contexts that nobody takes.
        for (var slot = 0; slot < IdleSlots; slot++)
        {
            if (Interlocked.CompareExchange(ref _idle[slot], ready, null) is null)
            {
                return;
            }
        }

        if (Interlocked.Exchange(ref _idle[Environment.CurrentManagedThreadId % IdleSlots], ready) is { } displaced)
        {
            LibCrypto.EVP_PKEY_CTX_free(displaced.Context);
        }
    }

    private static int Prepare(nint context, in SignatureScheme scheme, bool verifies)
    {
        var parameters = stackalloc OsslParam[5];
        var count = 0;
        var salt = scheme.SaltLength;
        if (scheme.Kind != SignatureKind.Ecdsa)
        {
            parameters[count++] = OsslParam.Text("pad-mode"u8, scheme.Kind switch { SignatureKind.Pss => "pss"u8, SignatureKind.Raw => "none"u8, _ => "pkcs1"u8 });
        }

        if (scheme.Digest is { } digest)
        {
            parameters[count++] = OsslParam.Text("digest"u8, digest.NativeName, digest.Name.Length);
        }

        if (scheme.Mgf is { } mgf)
        {
            parameters[count++] = OsslParam.Text("mgf1-digest"u8, mgf.NativeName, mgf.Name.Length);
            parameters[count++] = OsslParam.Int32("saltlen"u8, &salt);
        }

        parameters[count] = OsslParam.End;
        return verifies ? LibCrypto.EVP_PKEY_verify_init_ex(context, parameters) : LibCrypto.EVP_PKEY_sign_init_ex(context, parameters);
    }

    private void FreeIdleContexts()
    {
        for (var slot = 0; slot < IdleSlots; slot++)
        {
            if (Interlocked.Exchange(ref _idle[slot], null) is { } idle)
            {
                LibCrypto.EVP_PKEY_CTX_free(idle.Context);
            }
        }
    }

    private sealed class ReadyContext(nint context, SignatureScheme scheme, bool verifies)
    {
        public nint Context { get; } = context;

        public SignatureScheme Scheme { get; } = scheme;

        public bool Verifies { get; } = verifies;
    }
}
