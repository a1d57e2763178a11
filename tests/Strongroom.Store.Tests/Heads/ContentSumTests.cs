using System.Numerics;
using System.Security.Cryptography;
using Strongroom.Store.Heads;

namespace Strongroom.Store.Tests.Heads;

public sealed class ContentSumTests
{
    private static readonly BigInteger Modulus = BigInteger.One << 256;

    [Fact]
    public void Addition_and_subtraction_are_those_of_numbers_modulo_2_to_the_256()
    {
        var edges = new byte[][] { new byte[32], [.. Enumerable.Repeat((byte)0xff, 32)], [1, .. new byte[31]], [.. Enumerable.Repeat((byte)0xff, 8), .. new byte[24]], [.. Enumerable.Repeat((byte)0xff, 24), .. new byte[8]] };
        var samples = edges.Concat(Enumerable.Range(0, 200).Select(_ => RandomNumberGenerator.GetBytes(32))).ToList();
        foreach (var left in samples)
        {
            foreach (var right in samples)
            {
                BigInteger a = Number(left), b = Number(right);
                Assert.Equal((a + b) % Modulus, Number(ContentSum.Read(left) + ContentSum.Read(right)));
                Assert.Equal((a - b + Modulus) % Modulus, Number(ContentSum.Read(left) - ContentSum.Read(right)));
            }
        }
    }

    private static BigInteger Number(ContentSum sum)
    {
        var bytes = new byte[ContentSum.Length];
        sum.Write(bytes);
        return Number(bytes);
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: false);
}
