using System.Security.Cryptography;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Crypto;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Importing;

/// <summary>
/// Brings a key into the HSM wrapped: the HSM draws a key pair on P-256 for this import alone, both sides agree on an AES-256 key (ECDH with X9.63's function over SHA-256, SP 800-56A section 5.7.1.2),
/// the key is wrapped under it here (RFC 5649) and unwrapped in the HSM. So the clear key is in no frame and in no buffer of the connection, only in this process and in the HSM.
/// Who the HSM is was judged by the connection: it has the cluster's pinned key.
/// </summary>
internal static class SecureImport
{
    private const int AesKeySize = 32;
    private static readonly byte[] SharedInfo = "strongroom key import v1"u8.ToArray();

    /// <summary>Imports.</summary>
    /// <param name="session">in whose name</param>
    /// <param name="key">what</param>
    /// <param name="template">attributes of the new key, without class and type</param>
    /// <param name="cancel">gives up; the key may then exist</param>
    /// <returns>the new key's handle</returns>
    public static async Task<ulong> RunAsync(HsmSession session, ClearKey key, AttributeList template, CancellationToken cancel)
    {
        var pair = await session.GenerateKeyPairAsync(
            Mechanisms.Plain(Mechanisms.EcKeyPairGen),
            new AttributeList().Set(Cka.Token, false).Set(AttributeValue.Bytes(Cka.EcParams, Curve.Named("secp256r1").Parameters)).ToArray(),
            new AttributeList().Set(Cka.Token, false).Set(Cka.Derive, true).Set(Cka.Extractable, false).ToArray(),
            cancel).ConfigureAwait(false);
        var temporary = new List<ulong> { pair.PublicHandle, pair.PrivateHandle };
        try
        {
            var read = await session.GetAttributesAsync(pair.PublicHandle, [Cka.EcPoint], cancel).ConfigureAwait(false);
            var (mine, wrapped) = Wrap(AttributeValue.WithoutOctetString((read[0].Value ?? default).Span), key.Bytes);
            var agreed = await session.DeriveKeyAsync(Mechanisms.EcdhX963Sha256(mine, SharedInfo), pair.PrivateHandle, AgreedKey().ToArray(), cancel).ConfigureAwait(false);
            temporary.Add(agreed);
            return await session.UnwrapKeyAsync(
                Mechanisms.Plain(Mechanisms.AesKeyWrapKwp), agreed, wrapped, template.Set(Cka.Class, key.Class.Number).Set(Cka.KeyType, key.Type).ToArray(), cancel).ConfigureAwait(false);
        }
        finally
        {
            foreach (var handle in temporary)
            {
                await session.DestroyObjectAsync(handle, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static AttributeList AgreedKey() => new AttributeList()
        .Set(Cka.Class, KeyClass.Secret.Number).Set(Cka.KeyType, KeyKind.Aes.Number).Set(Cka.ValueLen, AesKeySize).Set(Cka.Token, false)
        .Set(Cka.Extractable, false).Set(Cka.Unwrap, true).Set(Cka.Sign, false).Set(Cka.Verify, false);

    private static (byte[] Point, byte[] Wrapped) Wrap(ReadOnlySpan<byte> hsmPoint, ReadOnlySpan<byte> key)
    {
        var half = (hsmPoint.Length - 1) / 2;
        using var mine = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var theirs = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = hsmPoint[1..(1 + half)].ToArray(), Y = hsmPoint[(1 + half)..].ToArray() } });

        // X9.63 with one block: SHA-256 of the shared secret, a counter of 1 and the shared info.
        var agreed = mine.DeriveKeyFromHash(theirs.PublicKey, HashAlgorithmName.SHA256, null, [0, 0, 0, 1, .. SharedInfo]);
        try
        {
            using var aes = Aes.Create();
            aes.SetKey(agreed);
            var point = mine.ExportParameters(includePrivateParameters: false).Q;
            return ([4, .. point.X!, .. point.Y!], aes.EncryptKeyWrapPadded(key));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(agreed);
        }
    }
}
