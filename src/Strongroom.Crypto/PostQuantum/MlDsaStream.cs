using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Strongroom.Crypto;

/// <summary>ML-DSA over a message that comes in parts of any length: only its hash is kept. Not for two threads at once.</summary>
public sealed class MlDsaStream : IDisposable
{
    private readonly MlDsaParameterSet _set;
    private MLDsaSigner? _signer;

    private MlDsaStream(MlDsaParameterSet set, bool signs, ICipherParameters key, ReadOnlySpan<byte> context, bool deterministic)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context.Length, MlDsaParameterSet.LongestContext);
        _set = set;
        _signer = new MLDsaSigner(set.Parameters, deterministic);
        _signer.Init(signs, new ParametersWithContext(key, context));
    }

    /// <summary>Starts a signature.</summary>
    /// <param name="set">The parameter set.</param>
    /// <param name="secretKey">The seed or the expanded key.</param>
    /// <param name="context">At most 255 bytes.</param>
    /// <param name="deterministic">Without fresh randomness (FIPS 204 3.4); else hedged.</param>
    public static MlDsaStream ForSigning(MlDsaParameterSet set, ReadOnlySpan<byte> secretKey, ReadOnlySpan<byte> context, bool deterministic)
    {
        ICipherParameters key = set.Open(secretKey) ?? throw PostQuantumParameterSet.Malformed();
        return new(set, signs: true, deterministic ? key : new ParametersWithRandom(key, DrawnRandom.Instance), context, deterministic);
    }

    /// <summary>Starts a verification.</summary>
    public static MlDsaStream ForVerifying(MlDsaParameterSet set, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> context) =>
        new(set, signs: false, set.OpenPublic(publicKey) ?? throw PostQuantumParameterSet.Malformed(), context, deterministic: true);

    /// <summary>Takes one more part.</summary>
    public void Update(ReadOnlySpan<byte> part) => Signer.BlockUpdate(part);

    /// <summary>Ends with a signature.</summary>
    public byte[] Sign() => Signer.GenerateSignature();

    /// <summary>Ends a verification.</summary>
    /// <param name="signature">Any length.</param>
    public bool Verify(ReadOnlySpan<byte> signature) => signature.Length == _set.SignatureSize && Signer.VerifySignature(signature.ToArray());

    /// <summary>Lets go of the key that BouncyCastle holds.</summary>
    public void Dispose() => _signer = null;

    private MLDsaSigner Signer => _signer ?? throw new ObjectDisposedException(nameof(MlDsaStream));
}
