using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of RSASSA-PKCS1-v1_5 (RFC 8017 8.2).</summary>
public abstract class RsaPkcsMechanism : SignatureMechanism
{
    private const int Padding = 11;   // RFC 8017 9.2: 00 01, eight times FF, 00

    public sealed override KeySizes KeySizes => KeySizes.Rsa;

    protected sealed override KeyType KeyType => KeyType.Rsa;

    protected sealed override SignatureScheme SchemeOf(in MechanismCall call) => Hash is { } hash ? SignatureScheme.Pkcs1(hash) : SignatureScheme.Pkcs1Raw;

    protected sealed override (int Min, int Max) InputLengths(in MechanismCall call, AsymmetricKey key) => (1, ((RsaKey)key).Size - Padding);
}
