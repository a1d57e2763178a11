using System.Security.Cryptography;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;
using Strongroom.EndToEnd.Tests.Wycheproof;

namespace Strongroom.EndToEnd.Tests.Library;

/// <summary>Every mechanism that the token lists does what it says, through the library; a new one without a parameter in <see cref="MechanismParameters"/> or a derivation below is red.</summary>
public sealed class MechanismTests(QuickstartDeployment deployment) : Suite(deployment)
{
    private const ulong Encrypts = 0x100, Signs = 0x800, Wraps = 0x20000, Derives = 0x80000;
    private static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
    private static readonly byte[] Secret32 = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void What_signs_verifies_what_it_signed_and_nothing_else()
    {
        var pairs = Pairs();
        var wrong = new List<string>();
        foreach (var number in With(Signs))
        {
            byte[] data = number == 3 ? [0, .. RandomNumberGenerator.GetBytes(255)] : RandomNumberGenerator.GetBytes(number == 0xD352001D ? 64 : 32), other = [.. data[..^1], (byte)(data[^1] ^ 1)];
            var (mechanism, works) = (MechanismParameters.Of(number), 0);
            foreach (var (publicKey, privateKey) in pairs)
            {
                var (rv, signature) = Token.Sign(mechanism, privateKey, data);
                works += rv == Ck.Ok && Token.Verify(mechanism, publicKey, data, signature) == Ck.Ok && Token.Verify(mechanism, publicKey, other, signature) == 0xC0 ? 1 : rv == Ck.Ok ? -100 : 0;
            }

            Note(wrong, works > 0, $"0x{number:X}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void What_encrypts_decrypts()
    {
        var pairs = Pairs();
        var wrong = new List<string>();
        foreach (var number in With(Encrypts))
        {
            var data = RandomNumberGenerator.GetBytes(32);
            var (mechanism, works) = (MechanismParameters.Of(number), 0);
            foreach (var (publicKey, privateKey) in pairs)
            {
                var (rv, ciphertext) = Token.Encrypt(mechanism, publicKey, data);
                var back = rv == Ck.Ok ? Token.Decrypt(mechanism, privateKey, ciphertext).Output : [];
                works += back.Length >= 32 && back.AsSpan(back.Length - 32).SequenceEqual(data) && !ciphertext.AsSpan().StartsWith(data) ? 1 : rv == Ck.Ok ? -100 : 0;
            }

            Note(wrong, works > 0, $"0x{number:X}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void What_wraps_unwraps()
    {
        var pairs = Pairs();
        var (rv, payload) = Token.Create(
            CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, Ck.GenericSecret), CkAttribute.Of(Cka.Value, Secret32), CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.Extractable, true));
        Assert.Equal(Ck.Ok, rv);
        Remember(payload);
        var wrong = new List<string>();
        foreach (var number in With(Wraps))
        {
            var (mechanism, works) = (MechanismParameters.Of(number), 0);
            foreach (var (publicKey, privateKey) in pairs)
            {
                var (wrapped, bytes) = Token.Wrap(mechanism, publicKey, payload);
                var (unwrapped, handle) = wrapped == Ck.Ok ? Token.Unwrap(mechanism, privateKey, bytes, Readable(null)) : (1UL, 0UL);
                works += unwrapped == Ck.Ok && Token.Read(Remember(handle), Cka.Value).SequenceEqual(Secret32) ? 1 : wrapped == Ck.Ok ? -100 : 0;
            }

            Note(wrong, works > 0, $"0x{number:X}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void What_derives_gives_what_dotnet_gives()
    {
        using var peer = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var ours = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var (private256, theirs) = (ours.ExportParameters(true), peer.ExportParameters(false));
        byte[] point = [4, .. theirs.Q.X!, .. theirs.Q.Y!];
        var ec = Import(
            CkAttribute.Of(Cka.Class, Ck.PrivateKey), CkAttribute.Of(Cka.KeyType, Ck.Ec), CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.Value, private256.D!), CkAttribute.Of(Cka.Derive, true));
        var (created, secret) = Token.Create(
            CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, Ck.GenericSecret), CkAttribute.Of(Cka.Value, Secret32), CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.Derive, true));
        Assert.Equal(Ck.Ok, created);
        Remember(secret);
        var raw = ours.DeriveRawSecretAgreement(peer.PublicKey);
        Mechanism Ecdh(ulong number, int kdf) => new(number, m => m.Words(kdf, 0, 0, point.Length, m.Put(point)));
        byte[] X963(HashAlgorithmName hash) => ours.DeriveKeyFromHash(peer.PublicKey, hash, null, [0, 0, 0, 1]);
        var counter = SP800108HmacCounterKdf.DeriveBytes(Secret32, HashAlgorithmName.SHA256, "label"u8.ToArray(), "context"u8.ToArray(), 32);
        (Mechanism Mechanism, ulong Key, byte[] Expected)[] rows =
        [
            (Ecdh(0x1050, 1), ec, raw),
            (Ecdh(0x1051, 1), ec, raw),
            (Ecdh(0x1050, 2), ec, X963(HashAlgorithmName.SHA1)),
            (Ecdh(0x1050, 6), ec, X963(HashAlgorithmName.SHA256)),
            (Ecdh(0x1050, 7), ec, X963(HashAlgorithmName.SHA384)),
            (Ecdh(0x1050, 8), ec, X963(HashAlgorithmName.SHA512)),
            (Ecdh(0x1051, 6), ec, X963(HashAlgorithmName.SHA256)),
            (Ecdh(0x1050, 0xB), ec, X963(HashAlgorithmName.SHA3_256)),
            (Ecdh(0x1050, 0xD), ec, X963(HashAlgorithmName.SHA3_512)),
            (Mechanism.Hkdf("SHA-256", [1, 2, 3], "info"u8.ToArray()), secret, HKDF.DeriveKey(HashAlgorithmName.SHA256, Secret32, 32, [1, 2, 3], "info"u8.ToArray())),
            (new Mechanism(0x3AC, m => m.Words(0x251, 5, Parts(m, (1, Words(m, 0, 32)), (4, [.. "label"u8]), (4, [0]), (4, [.. "context"u8]), (3, Words(m, 1, 0, 32))), 0, 0)), secret, counter),
            (new Mechanism(0x3AD, m => m.Words(0x251, 2, Parts(m, (1, []), (4, [.. "label"u8])), 0, 0, 0, 0)), secret, HMACSHA256.HashData(Secret32, "label"u8.ToArray())),

            // In the order of AWS's sample, which is not the order in which they go into the function.
            (new Mechanism(0x80000001, m => m.Words(0x251, 4, Parts(m, (4, Words(m, 32)), (7, Words(m, 1, 32)), (5, [.. "label"u8]), (6, [.. "context"u8])))), secret, counter),
        ];
        Assert.Equal(With(Derives).Order(), rows.Select(row => row.Mechanism.Number).Distinct().Order());
        var wrong = new List<string>();
        foreach (var (mechanism, key, expected) in rows)
        {
            var length = Math.Min(expected.Length, 32);
            var (rv, derived) = Token.Derive(mechanism, key, Readable(length));
            Note(wrong, rv == Ck.Ok && Token.Read(Remember(derived), Cka.Value).AsSpan().SequenceEqual(expected.AsSpan(0, length)), $"0x{mechanism.Number:X}: 0x{rv:X}");
        }

        Assert.Empty(wrong);
    }

    private IEnumerable<ulong> With(ulong flag) => Token.Mechanisms.Where(number => (Token.FlagsOf(number) & flag) != 0);

    // CK_PRF_DATA_PARAM[]: type, pointer, length.
    private static nint Parts(NativeMemory memory, params (nint Type, byte[] Value)[] parts) =>
        memory.Put(memory.Words([.. parts.SelectMany(part => new[] { part.Type, part.Value.Length == 0 ? 0 : memory.Put(part.Value), part.Value.Length })]));

    private static byte[] Words(NativeMemory memory, params nint[] words) => memory.Words(words);

    // A pair of each kind, and each secret key as a pair of itself, with all the uses that there are.
    private List<(ulong Public, ulong Private)> Pairs()
    {
        (ulong Number, CkAttribute Parameter)[] generations =
        [
            (0x0, CkAttribute.Of(0x121, 2048UL)), (0x1040, CkAttribute.Of(Cka.EcParams, P256)), (0x1055, CkAttribute.Of(Cka.EcParams, [0x06, 0x03, 0x2B, 0x65, 0x70])), (0x1C, CkAttribute.Of(Cka.ParameterSet, 1UL)),
        ];
        var session = CkAttribute.Of(Cka.Token, false);
        List<(ulong, ulong)> pairs = [];
        foreach (var (number, parameter) in generations)
        {
            var (rv, publicKey, privateKey) = Token.GeneratePair(
                new Mechanism(number),
                [parameter, session, CkAttribute.Of(Cka.Encrypt, true), CkAttribute.Of(Cka.Verify, true), CkAttribute.Of(Cka.Wrap, true)],
                [session, CkAttribute.Of(Cka.Decrypt, true), CkAttribute.Of(Cka.Sign, true), CkAttribute.Of(Cka.Unwrap, true)]);
            Assert.Equal(Ck.Ok, rv);
            pairs.Add((Remember(publicKey), Remember(privateKey)));
        }

        ulong[] uses = [Cka.Encrypt, Cka.Decrypt, Cka.Sign, Cka.Verify, Cka.Wrap, Cka.Unwrap];
        foreach (var (number, length) in new (ulong, CkAttribute[])[] { (0x1080, [CkAttribute.Of(Cka.ValueLen, 32UL)]), (0x350, [CkAttribute.Of(Cka.ValueLen, 64UL)]), (0x131, []) })
        {
            var (rv, key) = Token.Generate(new Mechanism(number), [.. length, session, .. uses.Select(use => CkAttribute.Of(use, true))]);
            Assert.Equal(Ck.Ok, rv);
            pairs.Add((Remember(key), key));
        }

        return pairs;
    }

    private static void Note(List<string> wrong, bool isRight, string what)
    {
        if (!isRight)
        {
            wrong.Add(what);
        }
    }
}
