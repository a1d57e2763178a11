using System.Buffers;
using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

/// <summary>PKCS#1 v1.5 unwrapping never says whether the padding was right (Bleichenbacher's attack).</summary>
public sealed class RsaUnwrappingTests
{
    private static readonly Mechanism Pkcs = MechanismCatalog.Find(0x1)!;
    private static readonly RsaKey Public = (RsaKey)TestKeys.Rsa.Public;

    // RFC 8017 7.2.2: wrong first byte, wrong type, a zero among the first eight padding bytes, no zero at all; and a message of a length that no such key has.
    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "first byte", Block(1, 2, 3 + 8, 32) },
        { "type", Block(0, 1, 3 + 8, 32) },
        { "short padding", Block(0, 2, 5, 32) },
        { "no end", Block(0, 2, -1, 32) },
        { "length of no key", Block(0, 2, 256 - 20, 32) },
        { "empty", Block(0, 2, 255, 32) },
    };

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    public void A_key_comes_back_with_and_without_its_length_in_the_template(int length)
    {
        using var key = TestKeys.Secret(KeyType.Aes, RandomNumberGenerator.GetBytes(length));
        var wrapped = Pkcs.Wrap(new MechanismCall(1), Public, key, ClusterMode.NonFips).Value.Bytes.ToArray();
        Assert.Equal(key.Value.ToArray(), Unwrap(wrapped, new KeyTarget(ObjectClass.SecretKey, KeyType.Aes)));
        Assert.Equal(key.Value.ToArray(), Unwrap(wrapped, new KeyTarget(ObjectClass.SecretKey, KeyType.Aes, length)));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_malformed_gives_a_key_that_is_always_the_same(string what, byte[] block)
    {
        var wrapped = Encrypt(block);
        foreach (var target in new KeyTarget[] { new(ObjectClass.SecretKey, KeyType.Aes), new(ObjectClass.SecretKey, KeyType.Aes, 32), new(ObjectClass.SecretKey, KeyType.Des3) })
        {
            var first = Unwrap(wrapped, target);
            Assert.Equal(first, Unwrap(wrapped, target));
            Assert.True(SecretKey.IsLengthValid(target.Type, first.Length), what);
            Assert.Equal(target.Length ?? first.Length, first.Length);
            Assert.NotEqual(first, Unwrap(Encrypt(Block(1, 2, 11, 32)), target));
        }
    }

    // A private key's structure can't be made up, so that there is a refusal; it is the same, words included, whether the padding was wrong or the structure.
    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_private_key_that_is_none_is_refused_in_the_same_words_whatever_is_wrong(string what, byte[] block)
    {
        var target = new KeyTarget(ObjectClass.PrivateKey, KeyType.Ec);
        var wrapped = Pkcs.Wrap(new MechanismCall(1), Public, TestKeys.P256.Private, ClusterMode.NonFips).Value.Bytes.ToArray();
        using var back = Pkcs.Unwrap(new MechanismCall(1), TestKeys.Rsa.Private, wrapped, target, ClusterMode.NonFips).Value;
        using (var expected = TestKeys.P256.Private.Encode())
        using (var actual = back.Encode())
        {
            Assert.Equal(expected.Span.ToArray(), actual.Span.ToArray());
        }

        using var noise = TestKeys.Secret(KeyType.GenericSecret, RandomNumberGenerator.GetBytes(138));
        var wellPadded = Pkcs.Wrap(new MechanismCall(1), Public, noise, ClusterMode.NonFips).Value.Bytes.ToArray();
        var wrongStructure = Pkcs.Unwrap(new MechanismCall(1), TestKeys.Rsa.Private, wellPadded, target, ClusterMode.NonFips).Cause;
        Assert.Equal(Rv.WrappedKeyInvalid, wrongStructure!.Rv);
        Assert.True(wrongStructure == Pkcs.Unwrap(new MechanismCall(1), TestKeys.Rsa.Private, Encrypt(block), target, ClusterMode.NonFips).Cause, what);
    }

    [Fact]
    public void The_lengths_of_substitutes_are_those_of_keys()
    {
        var lengths = Enumerable.Range(0, 60).Select(_ => Unwrap(Encrypt(Block(1, 2, 11, 32)), new KeyTarget(ObjectClass.SecretKey, KeyType.Aes)).Length).Distinct();
        Assert.Equal([16, 24, 32], lengths.Order());
    }

    private static byte[] Unwrap(byte[] wrapped, KeyTarget target)
    {
        using var key = Pkcs.Unwrap(new MechanismCall(1), TestKeys.Rsa.Private, wrapped, target, ClusterMode.NonFips).Value;
        return ((SecretKey)key).Value.ToArray();
    }

    private static byte[] Encrypt(byte[] block)
    {
        var output = new byte[256];
        Assert.True(Public.Evp.TryEncrypt(RsaEncryption.Raw, block, output));
        return output;
    }

    // An encoded message of 256 bytes whose padding ends at a place, filled with what is never zero.
    private static byte[] Block(byte first, byte type, int end, byte fill)
    {
        var block = RandomNumberGenerator.GetBytes(256);
        for (var index = 0; index < block.Length; index++)
        {
            block[index] |= fill;
        }

        (block[0], block[1]) = (first, type);
        if (end >= 0)
        {
            block[end] = 0;
        }

        return block;
    }
}
