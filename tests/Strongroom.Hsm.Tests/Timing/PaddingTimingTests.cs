using System.Diagnostics;
using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Tests.Mechanisms;

namespace Strongroom.Hsm.Tests.Timing;

/// <summary>PKCS#1 v1.5 unwrapping takes as long for wrong padding as for right padding.</summary>
public sealed class PaddingTimingTests(ITestOutputHelper log)
{
    private const int Soak = 1_000_000;
    private const int Batch = 512;
    private static readonly Mechanism Pkcs = MechanismCatalog.Find(0x1)!;

    /// <summary>A million samples take a quarter of an hour on a quiet machine. STRONGROOM_TIMING_SAMPLES asks for another number.</summary>
    [Theory(Explicit = true)]
    [InlineData(32)]
    [InlineData(null)]
    public void Right_and_wrong_padding_take_equally_long(int? length)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("STRONGROOM_TIMING_SAMPLES"), out var asked) ? asked : Soak;
        var t = WelchTest.GreatestT(Measure(count, length));
        log.WriteLine($"|t| = {t:F2} over {count} samples");
        Assert.True(t < WelchTest.Threshold, $"|t| = {t:F2} over {count} samples");
    }

    /// <summary>That both classes are what they are said to be; nothing is concluded from so few.</summary>
    [Fact]
    public void Both_classes_are_measured()
    {
        var samples = Measure(200, 32);
        Assert.Equal(200, samples.Count);
        Assert.Equal(2, samples.Select(sample => sample.Class).Distinct().Count());
        Assert.All(samples, sample => Assert.True(sample.Ticks > 0));
    }

    private static List<(long Ticks, bool Class)> Measure(int count, int? length)
    {
        var target = new KeyTarget(ObjectClass.SecretKey, KeyType.Aes, length);
        var samples = new List<(long, bool)>(count);
        while (samples.Count < count)
        {
            // Fresh ciphertexts in random order: neither a cache nor a slow drift can tell the classes apart.
            var batch = Enumerable.Range(0, Math.Min(Batch, count - samples.Count)).Select(_ => RandomNumberGenerator.GetInt32(2) == 1).Select(wrong => (wrong, Encrypt(wrong))).ToArray();
            foreach (var (wrong, wrapped) in batch)
            {
                var began = Stopwatch.GetTimestamp();
                var unwrapped = Pkcs.Unwrap(new MechanismCall(1), TestKeys.Rsa.Private, wrapped, target, ClusterMode.NonFips);
                samples.Add((Stopwatch.GetTimestamp() - began, wrong));
                if (unwrapped.IsOk)
                {
                    unwrapped.Value.Dispose();
                }
            }
        }

        return samples;
    }

    // An encoded message with a key of 32 bytes, or one with the wrong second byte; both are numbers of the same size.
    private static byte[] Encrypt(bool wrong)
    {
        byte[] block = [.. RandomNumberGenerator.GetBytes(256).Select(octet => octet == 0 ? (byte)1 : octet)];
        (block[0], block[1], block[^33]) = (0, (byte)(wrong ? 1 : 2), 0);
        var output = new byte[256];
        Assert.True(((RsaKey)TestKeys.Rsa.Public).Evp.TryEncrypt(RsaEncryption.Raw, block, output));
        return output;
    }
}
