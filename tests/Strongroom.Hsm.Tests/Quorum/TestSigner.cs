using System.Security.Cryptography;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Tests.Quorum;

/// <summary>A user's own key pair for approvals and multi-factor logins, outside the HSM. The kind says which.</summary>
internal sealed class TestSigner
{
    public const string Rsa = "RSA-2048";
    public const string P256 = "P-256";
    public const string Ed = "Ed25519";

    private readonly Func<byte[], byte[]> _sign;

    public TestSigner(string kind)
    {
        switch (kind)
        {
            case Rsa:
                var rsa = RSA.Create(2048);
                (PublicKey, _sign) = (rsa.ExportSubjectPublicKeyInfo(), value => rsa.SignHash(value, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
                break;
            case P256:
                var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                (PublicKey, _sign) = (ec.ExportSubjectPublicKeyInfo(), value => ec.SignHash(value, DSASignatureFormat.Rfc3279DerSequence));
                break;
            default:
                byte[] seed = RandomNumberGenerator.GetBytes(Ed25519.KeySize), point = new byte[Ed25519.KeySize];
                Ed25519.DerivePublicKey(seed, point);
                (PublicKey, _sign) = ([.. Convert.FromHexString("302a300506032b6570032100"), .. point], value =>
                {
                    byte[] signature = new byte[Ed25519.SignatureSize];
                    Ed25519.Sign(seed, value, signature);
                    return signature;
                }
                );
                break;
        }
    }

    public byte[] PublicKey { get; }

    /// <summary>Signs 32 bytes as they are.</summary>
    public byte[] Sign(byte[] value) => _sign(value);

    /// <summary>Signs the SHA-256 of a token's approval data.</summary>
    public byte[] Approve(ReadOnlyMemory<byte> approvalData) => _sign(SHA256.HashData(approvalData.Span));
}
