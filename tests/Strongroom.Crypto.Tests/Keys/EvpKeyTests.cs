using System.Security.Cryptography;

namespace Strongroom.Crypto.Tests.Keys;

public sealed class EvpKeyTests
{
    private static readonly byte[] F4 = [1, 0, 1];
    private static readonly EvpKey Rsa = EvpKey.GenerateRsa(2048, F4);

    public static TheoryData<string> Curves => [.. EcCurve.All.Select(curve => curve.Name)];

    [Fact]
    public void A_generated_rsa_key_has_the_asked_size_and_exponent()
    {
        using var n = Rsa.ReadNumber("n");
        using var e = Rsa.ReadNumber("e");
        Assert.Equal(2048, Rsa.Bits);
        Assert.Equal(256, n.Length);
        Assert.Equal(F4, e.Span.ToArray());
        Assert.True(Rsa.IsConsistent());
    }

    [Fact]
    public void An_rsa_key_opens_again_from_its_numbers_and_signs_the_same()
    {
        using var opened = OpenAgain(Rsa, changed: -1);
        var (first, second) = (new byte[256], new byte[256]);
        Rsa.Sign(SignatureScheme.Pkcs1(DigestAlgorithm.Sha256), new byte[32], first);
        opened.Sign(SignatureScheme.Pkcs1(DigestAlgorithm.Sha256), new byte[32], second);
        Assert.Equal(first, second);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void An_rsa_key_with_one_number_changed_is_inconsistent(int changed)
    {
        using var broken = OpenAgain(Rsa, changed);
        Assert.False(broken.IsConsistent());
    }

    [Fact]
    public void Dotnet_verifies_rsa_signatures_of_every_padding()
    {
        using var reader = RSA.Create();
        reader.ImportSubjectPublicKeyInfo(Rsa.SubjectPublicKeyInfo(), out _);
        var hash = SHA384.HashData("data"u8);
        var signature = new byte[256];
        Rsa.Sign(SignatureScheme.Pkcs1(DigestAlgorithm.Sha384), hash, signature);
        Assert.True(reader.VerifyHash(hash, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1));
        Rsa.Sign(SignatureScheme.Pss(DigestAlgorithm.Sha384, DigestAlgorithm.Sha384, 48), hash, signature);
        Assert.True(reader.VerifyHash(hash, signature, HashAlgorithmName.SHA384, RSASignaturePadding.Pss));
        Assert.False(Rsa.Verify(SignatureScheme.Pss(DigestAlgorithm.Sha384, DigestAlgorithm.Sha384, 47), hash, signature));
        Assert.False(Rsa.Verify(SignatureScheme.Pkcs1(DigestAlgorithm.Sha384), hash, signature));
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void Dotnet_verifies_ecdsa_signatures_and_they_never_have_another_length(string name)
    {
        var curve = EcCurve.All.Single(curve => curve.Name == name);
        using var key = EvpKey.GenerateEc(curve);
        using var reader = ECDsa.Create();
        reader.ImportSubjectPublicKeyInfo(key.SubjectPublicKeyInfo(), out _);
        var signature = new byte[2 * curve.Size];
        for (var round = 0; round < 600; round++)   // enough for numbers with leading zero bytes
        {
            var hash = SHA256.HashData(BitConverter.GetBytes(round));
            key.Sign(SignatureScheme.Ecdsa, hash, signature);
            Assert.True(reader.VerifyHash(hash, signature));
            Assert.True(key.Verify(SignatureScheme.Ecdsa, hash, signature));
            signature[round % signature.Length] ^= 1;
            Assert.False(key.Verify(SignatureScheme.Ecdsa, hash, signature));
        }
    }

    [Theory]
    [MemberData(nameof(Curves))]
    public void A_private_scalar_gives_its_public_point(string name)
    {
        var curve = EcCurve.All.Single(curve => curve.Name == name);
        using var key = EvpKey.GenerateEc(curve);
        using var scalar = key.ReadNumber("priv", curve.Size);
        var point = new byte[curve.PointSize];
        Assert.True(curve.TryMultiplyBase(scalar.Span, point));
        Assert.Equal(key.ReadPoint(), point);
        using var opened = EvpKey.OpenEcPrivate(curve, scalar.Span, point);
        Assert.True(opened.IsConsistent());
        scalar.Span[0] ^= 1;
        using var broken = EvpKey.OpenEcPrivate(curve, scalar.Span, point);
        Assert.False(broken.IsConsistent());
        scalar.Span.Clear();
        Assert.False(curve.TryMultiplyBase(scalar.Span, point));
        scalar.Span.Fill(0xFF);
        Assert.False(curve.TryMultiplyBase(scalar.Span, point));
    }

    [Fact]
    public void A_point_off_the_curve_opens_no_key()
    {
        using var key = EvpKey.GenerateEc(EcCurve.P256);
        var point = key.ReadPoint();
        point[40] ^= 1;
        Assert.Throws<CryptoException>(() => EvpKey.OpenEcPublic(EcCurve.P256, point));
    }

    [Fact]
    public void Pkcs8_comes_back_and_nothing_but_whole_pkcs8_does()
    {
        using var key = EvpKey.GenerateEc(EcCurve.P384);
        using var encoded = key.ToPkcs8();
        using var again = EvpKey.FromPkcs8(encoded.Span);
        Assert.Equal(key.ReadPoint(), again!.ReadPoint());
        Assert.Null(EvpKey.FromPkcs8(encoded.Span[1..]));
        Assert.Null(EvpKey.FromPkcs8(encoded.Span[..^1]));
        Assert.Null(EvpKey.FromPkcs8([.. encoded.Span, 0]));
        using var other = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        Assert.Null(EvpKey.FromPkcs8(other.ExportPkcs8PrivateKey()));
    }

    [Fact]
    public void Many_threads_sign_with_one_key_under_changing_schemes()
    {
        SignatureScheme[] schemes =
        [
            SignatureScheme.Pkcs1(DigestAlgorithm.Sha256), SignatureScheme.Pkcs1(DigestAlgorithm.Sha512), SignatureScheme.Pkcs1Raw,
            SignatureScheme.Pss(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, 32), SignatureScheme.Pss(DigestAlgorithm.Sha256, DigestAlgorithm.Sha256, 20),
        ];
        Parallel.For(0, 200, index =>
        {
            var scheme = schemes[index % schemes.Length];
            var hash = new byte[scheme.Digest?.Size ?? 40];
            hash[0] = (byte)index;
            var signature = new byte[256];
            Rsa.Sign(scheme, hash, signature);
            Assert.True(Rsa.Verify(scheme, hash, signature));
            Assert.False(Rsa.Verify(schemes[(index + 1) % schemes.Length], hash, signature));
        });
    }

    [Fact]
    public void The_pairwise_test_stops_everything_when_public_and_private_part_differ()
    {
        using var one = EvpKey.GenerateEc(EcCurve.P256);
        using var other = EvpKey.GenerateEc(EcCurve.P256);
        Assert.Throws<SelfTestException>(() => PairwiseConsistency.Test(one, other));
    }

    // RFC 8032 7.1, test 2.
    [Fact]
    public void Ed25519_gives_the_answers_of_rfc_8032()
    {
        var seed = Convert.FromHexString("4CCD089B28FF96DA9DB6C346EC114E0F5B8A319F35ABA624DA8CF6ED4FB8A6FB");
        var (publicKey, signature) = (new byte[32], new byte[64]);
        Ed25519.DerivePublicKey(seed, publicKey);
        Ed25519.Sign(seed, [0x72], signature);
        Assert.Equal("3D4017C3E843895A92B70AA74D1B7EBC9C982CCF2EC4968CC0CD55F12AF4660C", Convert.ToHexString(publicKey));
        Assert.Equal(
            "92A009A9F0D4CAB8720E820B5F642540A2B27B5416503F8FB3762223EBDB69DA085AC1E43E15996E458F3613D0F11D8C387B2EAEB4302AEEB00D291612BB0C00", Convert.ToHexString(signature));
        Assert.True(Ed25519.Verify(publicKey, [0x72], signature));
        Assert.False(Ed25519.Verify(publicKey, [0x73], signature));
        Assert.False(Ed25519.Verify(publicKey, [0x72], signature.AsSpan(1)));
    }

    private static EvpKey OpenAgain(EvpKey key, int changed)
    {
        string[] names = ["n", "e", "d", "rsa-factor1", "rsa-factor2", "rsa-exponent1", "rsa-exponent2", "rsa-coefficient1"];
        var numbers = names.Select(name => key.ReadNumber(name)).ToArray();
        if (changed >= 0)
        {
            numbers[changed].Span[3] ^= 4;
        }

        var opened = EvpKey.OpenRsaPrivate(
            numbers[0].Span, numbers[1].Span, numbers[2].Span, numbers[3].Span, numbers[4].Span, numbers[5].Span, numbers[6].Span, numbers[7].Span);
        Array.ForEach(numbers, number => number.Dispose());
        return opened;
    }
}
