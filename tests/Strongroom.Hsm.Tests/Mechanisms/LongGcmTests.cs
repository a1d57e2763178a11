using System.Buffers;
using System.Security.Cryptography;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

/// <summary>AES-GCM decryption of more than can be held back: verified in a first pass, given out in a second.</summary>
public sealed class LongGcmTests
{
    private const int Length = (1 << 20) + 300_000;
    private static readonly byte[] Plain = RandomNumberGenerator.GetBytes(Length);

    public static TheoryData<ulong> Numbers => [0x1087, 0x80001087];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_plaintext_comes_with_the_second_pass_whatever_the_parts(ulong number)
    {
        var (mechanism, call, ciphertext) = Sealed(number);
        foreach (var (first, second) in new[] { (500_000, 500_000), (1, 77_777), (ciphertext.Length, 1 << 15) })
        {
            using var operation = mechanism.Begin(Use.Decrypt, call, TestKeys.Aes, ClusterMode.NonFips).Value;
            var output = new ArrayBufferWriter<byte>();
            Feed(operation, ciphertext, first == 1 ? 1_000_001 : first, output);
            Assert.True(operation.Finish(default, output).IsOk);
            Assert.Equal(0, output.WrittenCount);
            Assert.True(operation.GoesOn);
            Feed(operation, ciphertext, second, output);
            Assert.True(operation.Finish(default, output).IsOk);
            Assert.False(operation.GoesOn);
            Assert.True(output.WrittenSpan.SequenceEqual(Plain));
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_changed_bit_gives_nothing_out(ulong number)
    {
        var (mechanism, call, ciphertext) = Sealed(number);
        foreach (var place in new[] { 0, 40_000, 1 << 20, ciphertext.Length - 1 })
        {
            ciphertext[place] ^= 4;
            using var operation = mechanism.Begin(Use.Decrypt, call, TestKeys.Aes, ClusterMode.NonFips).Value;
            var output = new ArrayBufferWriter<byte>();
            Feed(operation, ciphertext, 500_000, output);
            Assert.Equal(Rv.EncryptedDataInvalid, operation.Finish(default, output).Rv);
            Assert.False(operation.GoesOn);
            Assert.Equal(0, output.WrittenCount);
            ciphertext[place] ^= 4;
        }
    }

    // Else the second pass would decrypt whatever its caller likes, without a tag.
    [Theory]
    [InlineData(0x1087, 0)]
    [InlineData(0x1087, 1_100_000)]
    [InlineData(0x80001087, 0)]
    [InlineData(0x80001087, 100_000)]
    [InlineData(0x1087, -1)]
    public void Another_ciphertext_in_the_second_pass_is_refused_before_its_piece_is_given_out(ulong number, int place)
    {
        var (mechanism, call, ciphertext) = Sealed(number);
        using var operation = mechanism.Begin(Use.Decrypt, call, TestKeys.Aes, ClusterMode.NonFips).Value;
        var output = new ArrayBufferWriter<byte>();
        Feed(operation, ciphertext, 500_000, output);
        Assert.True(operation.Finish(default, output).IsOk);
        ciphertext[place < 0 ? ciphertext.Length + place : place] ^= 1;
        var refused = false;
        for (var at = 0; at < ciphertext.Length && !refused; at += 500_000)
        {
            refused = !operation.Update(ciphertext.AsSpan(at, Math.Min(500_000, ciphertext.Length - at)), output).IsOk;
        }

        refused = refused || !operation.Finish(default, output).IsOk;
        Assert.True(refused);
        Assert.True(place < 0 || output.WrittenCount <= place);
        Assert.True(output.WrittenSpan.SequenceEqual(Plain.AsSpan(0, output.WrittenCount)));
    }

    [Fact]
    public void Less_or_more_in_the_second_pass_is_refused()
    {
        var (mechanism, call, ciphertext) = Sealed(0x1087);
        foreach (var other in new[] { ciphertext[..^40_000], [.. ciphertext, .. new byte[40_000]] })
        {
            using var operation = mechanism.Begin(Use.Decrypt, call, TestKeys.Aes, ClusterMode.NonFips).Value;
            var output = new ArrayBufferWriter<byte>();
            Feed(operation, ciphertext, 500_000, output);
            Assert.True(operation.Finish(default, output).IsOk);
            Assert.False(operation.Update(other, output).IsOk && operation.Finish(default, output).IsOk);
        }
    }

    private static (Mechanism Mechanism, MechanismCall Call, byte[] Ciphertext) Sealed(ulong number)
    {
        var mechanism = MechanismCatalog.Find(number)!;
        var call = TestKeys.Call(mechanism);
        return (mechanism, call, TestKeys.Must(mechanism, Use.Encrypt, call, TestKeys.Aes, Plain));
    }

    private static void Feed(Operation operation, byte[] data, int part, IBufferWriter<byte> output)
    {
        for (var at = 0; at < data.Length; at += part)
        {
            Assert.True(operation.Update(data.AsSpan(at, Math.Min(part, data.Length - at)), output).IsOk);
        }
    }
}
