using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

/// <summary>Inputs at the edge of what a mechanism takes: a refusal, never an exception.</summary>
public sealed class EdgeTests
{
    [Theory]
    [InlineData(0, Rv.DataLenRange)]
    [InlineData(1, Rv.Ok)]
    [InlineData(245, Rv.Ok)]
    [InlineData(246, Rv.DataLenRange)]
    [InlineData(4096, Rv.DataLenRange)]
    public void Rsa_pkcs1_takes_11_bytes_less_than_the_modulus(int length, Rv expected) => Judge(0x1, TestKeys.Rsa.Private, TestKeys.Rsa.Public, length, expected);

    [Theory]
    [InlineData(0, Rv.DataLenRange)]
    [InlineData(31, Rv.DataLenRange)]
    [InlineData(32, Rv.Ok)]
    [InlineData(33, Rv.DataLenRange)]
    public void Rsa_pss_takes_a_hash_of_the_named_length(int length, Rv expected) => Judge(0xD, TestKeys.Rsa.Private, TestKeys.Rsa.Public, length, expected);

    [Theory]
    [InlineData(0, Rv.DataLenRange)]
    [InlineData(1, Rv.Ok)]
    [InlineData(20, Rv.Ok)]
    [InlineData(64, Rv.Ok)]
    [InlineData(65, Rv.DataLenRange)]
    public void Ecdsa_takes_hashes_up_to_64_bytes(int length, Rv expected) => Judge(0x1041, TestKeys.P256.Private, TestKeys.P256.Public, length, expected);

    [Fact]
    public void Ecdsa_counts_the_leftmost_bits_of_a_long_hash()
    {
        var hash = SHA512.HashData("data"u8);
        var mechanism = MechanismCatalog.Find(0x1041)!;
        var signature = TestKeys.Must(mechanism, Use.Sign, new MechanismCall(0x1041), TestKeys.P256.Private, hash);
        TestKeys.Must(mechanism, Use.Verify, new MechanismCall(0x1041), TestKeys.P256.Public, hash[..32], signature);
    }

    [Theory]
    [InlineData(0x1082, 15)]
    [InlineData(0x1082, 17)]
    [InlineData(0x1085, 0)]
    [InlineData(0x1085, 15)]
    [InlineData(0x1085, 33)]
    [InlineData(0x1087, 0)]
    [InlineData(0x1087, 15)]
    [InlineData(0x2109, 0)]
    [InlineData(0x2109, 16)]
    [InlineData(0x2109, 23)]
    [InlineData(0x210B, 8)]
    [InlineData(0x210B, 70_000)]
    public void A_ciphertext_of_no_possible_length_gives_the_one_refusal(ulong number, int length)
    {
        var mechanism = MechanismCatalog.Find(number)!;
        Assert.Equal(Rv.EncryptedDataInvalid, TestKeys.Try(mechanism, Use.Decrypt, TestKeys.Call(mechanism), TestKeys.Aes, new byte[length], null, out _));
    }

    [Fact]
    public void Gcm_in_parts_gives_out_nothing_before_the_tag_is_verified()
    {
        var mechanism = MechanismCatalog.Find(0x1087)!;
        var ciphertext = TestKeys.Must(mechanism, Use.Encrypt, TestKeys.Call(mechanism), TestKeys.Aes, new byte[100]);
        ciphertext[3] ^= 1;
        using var operation = mechanism.Begin(Use.Decrypt, TestKeys.Call(mechanism), TestKeys.Aes, ClusterMode.NonFips).Value;
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(operation.Update(ciphertext, output).IsOk);
        Assert.Equal(0, output.WrittenCount);
        Assert.Equal(Rv.EncryptedDataInvalid, operation.Finish(default, output).Rv);
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Ccm_in_parts_holds_back_no_more_than_a_mebibyte()
    {
        var mechanism = MechanismCatalog.Find(0x1088)!;
        using var operation = mechanism.Begin(Use.Decrypt, TestKeys.Call(mechanism), TestKeys.Aes, ClusterMode.NonFips).Value;
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(operation.Update(new byte[1 << 20], output).IsOk);
        Assert.True(operation.Update(new byte[16], output).IsOk);   // the tag
        Assert.Equal(Rv.EncryptedDataLenRange, operation.Update(new byte[1], output).Rv);
        using var encryption = mechanism.Begin(Use.Encrypt, TestKeys.Call(mechanism), TestKeys.Aes, ClusterMode.NonFips).Value;
        Assert.True(encryption.Update(new byte[1 << 20], output).IsOk);
        Assert.Equal(Rv.DataLenRange, encryption.Update(new byte[1], output).Rv);
    }

    [Fact]
    public void Ed25519ph_takes_parts_of_any_length()
    {
        var mechanism = MechanismCatalog.Find(0x1057)!;
        var call = new MechanismCall(0x1057, ParameterShape.Eddsa, Iv: "context"u8.ToArray(), Bits: 1);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        using var operation = mechanism.Begin(Use.Sign, call, TestKeys.Ed25519.Private, ClusterMode.NonFips).Value;
        Assert.True(operation.Update(new byte[1 << 20], output).IsOk);
        Assert.True(operation.Update(new byte[1 << 20], output).IsOk);
        Assert.True(operation.Finish(default, output).IsOk);
        Assert.Equal(TestKeys.Must(mechanism, Use.Sign, call, TestKeys.Ed25519.Private, new byte[2 << 20]), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void A_key_s_value_can_be_digested_and_a_key_pair_s_can_not()
    {
        var mechanism = MechanismCatalog.Find(0x250)!;
        using var operation = mechanism.Begin(Use.Digest, new MechanismCall(0x250), null, ClusterMode.NonFips).Value;
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        Assert.True(operation.Update("before"u8, output).IsOk);
        Assert.True(operation.Update(TestKeys.Generic).IsOk);
        Assert.Equal(Rv.KeyIndigestible, operation.Update(TestKeys.Rsa.Private).Rv);
        Assert.True(operation.Finish(default, output).IsOk);
        Assert.Equal(SHA256.HashData([.. "before"u8, .. TestKeys.Generic.Value]), output.WrittenSpan.ToArray());
    }

    [Fact]
    public void Key_wrap_takes_no_key_that_is_not_whole_half_blocks()
    {
        using var odd = TestKeys.Secret(KeyType.GenericSecret, new byte[17]);
        var (wrap, padded) = (MechanismCatalog.Find(0x2109)!, MechanismCatalog.Find(0x210B)!);
        Assert.Equal(Rv.KeyNotWrappable, wrap.Wrap(new MechanismCall(0x2109), TestKeys.Aes, odd, ClusterMode.NonFips).Rv);
        var wrapped = padded.Wrap(new MechanismCall(0x210B), TestKeys.Aes, odd, ClusterMode.NonFips).Value;
        using var back = padded.Unwrap(new MechanismCall(0x210B), TestKeys.Aes, wrapped.Bytes.Span, new KeyTarget(ObjectClass.SecretKey, KeyType.GenericSecret), ClusterMode.NonFips).Value;
        Assert.Equal(136, back.Bits);
    }

    [Fact]
    public void Private_keys_travel_under_every_mechanism_that_takes_their_length()
    {
        foreach (var mechanism in MechanismCatalog.All.Where(mechanism => mechanism.Supports(MechanismFlags.Wrap)))
        {
            foreach (var key in new[] { TestKeys.Rsa.Private, TestKeys.P256.Private })
            {
                var (under, with) = (TestKeys.For(mechanism, Use.Wrap)!, TestKeys.For(mechanism, Use.Unwrap)!);
                var wrapped = mechanism.Wrap(TestKeys.Call(mechanism), under, key, ClusterMode.NonFips);
                if (!wrapped.IsOk)
                {
                    Assert.Equal(Rv.KeyNotWrappable, wrapped.Rv);
                    Assert.True(mechanism is AesKeyWrap or RsaPkcsOaep or RsaPkcs, mechanism.Name);
                    continue;
                }

                using var back = mechanism.Unwrap(TestKeys.Call(mechanism), with, wrapped.Value.Bytes.Span, new KeyTarget(ObjectClass.PrivateKey, key.Type), ClusterMode.NonFips).Value;
                using var expected = key.Encode();
                using var actual = back.Encode();
                Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
            }
        }
    }

    [Fact]
    public void A_wrapped_rsa_key_with_a_weak_exponent_does_not_come_in_in_fips_mode()
    {
        var parameters = WeakExponent();
        using var stranger = RSA.Create();
        stranger.ImportParameters(parameters);
        var encoded = stranger.ExportPkcs8PrivateKey();
        Assert.Equal(Rv.WrappedKeyInvalid, KeyImport.FromUnwrapped(ObjectClass.PrivateKey, KeyType.Rsa, encoded, ClusterMode.Fips).Rv);
        using var taken = KeyImport.FromUnwrapped(ObjectClass.PrivateKey, KeyType.Rsa, encoded, ClusterMode.NonFips).Value;
        Assert.Equal(2048, taken.Bits);
    }

    private static RSAParameters WeakExponent()
    {
        using var key = EvpKey.GenerateRsa(2048, [5]);
        byte[] Read(string name, int length)
        {
            using var number = key.ReadNumber(name, length);
            number.Span.Reverse();
            return number.Span.ToArray();
        }

        return new RSAParameters
        {
            Modulus = Read("n", 256),
            Exponent = [5],
            D = Read("d", 256),
            P = Read("rsa-factor1", 128),
            Q = Read("rsa-factor2", 128),
            DP = Read("rsa-exponent1", 128),
            DQ = Read("rsa-exponent2", 128),
            InverseQ = Read("rsa-coefficient1", 128),
        };
    }

    private static void Judge(ulong number, KeyMaterial signer, KeyMaterial verifier, int length, Rv expected)
    {
        var mechanism = MechanismCatalog.Find(number)!;
        var call = TestKeys.Call(mechanism);
        var data = Enumerable.Repeat((byte)1, length).ToArray();
        Assert.Equal(expected, TestKeys.Try(mechanism, Use.Sign, call, signer, data, null, out var signature));
        var checkedAgainst = expected == Rv.Ok ? signature : new byte[mechanism.Check(Use.Sign, call, signer, ClusterMode.NonFips).Value.Fixed];
        Assert.Equal(expected, TestKeys.Try(mechanism, Use.Verify, call, verifier, data, checkedAgainst, out _));
    }
}
