using System.Security.Cryptography;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

/// <summary>ML-DSA of a message representative: μ is computed here by .NET's SHAKE256 as FIPS 204 defines it, so that it also judges what the other mechanisms sign.</summary>
public sealed class ExternalMuTests
{
    private static readonly Mechanism External = MechanismCatalog.Find(0xD352001D)!;

    // M' of FIPS 204, algorithms 2 and 4: 0 or 1, the context with its length, and the message, or the hash function's name and the hash.
    public static TheoryData<ulong, string> Formatted => new()
    {
        { 0x1D, "" },
        { 0x24, "0609608648016503040201" + Convert.ToHexString(SHA256.HashData("message"u8)) },
        { 0x2B, "060960864801650304020B" + Convert.ToHexString(Shake128.HashData("message"u8, 32)) },
        { 0x2C, "060960864801650304020C" + Convert.ToHexString(Shake256.HashData("message"u8, 64)) },
    };

    [Theory]
    [MemberData(nameof(Formatted))]
    public void A_signature_of_mu_is_the_signature_of_the_message(ulong number, string hashed)
    {
        var inside = MechanismCatalog.Find(number)!;
        foreach (var set in (ulong[])[1, 2, 3])
        {
            var pair = TestKeys.Pair(0x1C, new RawAttribute(AttributeType.ParameterSet, BitConverter.GetBytes(set)));
            var call = new MechanismCall(number, ParameterShape.SignContext, Iv: "context"u8.ToArray(), Bits: 2);
            byte[] formatted = [(byte)(hashed.Length == 0 ? 0 : 1), 7, .. "context"u8, .. hashed.Length == 0 ? "message"u8.ToArray() : Convert.FromHexString(hashed)];
            var mu = Shake256.HashData([.. Shake256.HashData(((PostQuantumKey)pair.Public).PublicKey, 64), .. formatted], 64);
            var ofMu = new MechanismCall(External.Number, ParameterShape.SignContext, Bits: 2);

            var signature = TestKeys.Must(External, Use.Sign, ofMu, pair.Private, mu);
            Assert.Equal(TestKeys.Must(inside, Use.Sign, call, pair.Private, [.. "message"u8]), signature);
            TestKeys.Must(inside, Use.Verify, call, pair.Public, [.. "message"u8], signature);
            TestKeys.Must(External, Use.Verify, ofMu, pair.Public, mu, signature);

            var hedged = TestKeys.Must(External, Use.Sign, ofMu with { Bits = 0 }, pair.Private, mu);
            Assert.NotEqual(signature, hedged);
            TestKeys.Must(inside, Use.Verify, call, pair.Public, [.. "message"u8], hedged);
            mu[0] ^= 1;
            Assert.Equal(Rv.SignatureInvalid, TestKeys.Try(External, Use.Verify, ofMu, pair.Public, mu, signature, out _));
        }
    }

    [Fact]
    public void Mu_has_64_bytes_and_its_context_is_in_it()
    {
        var call = new MechanismCall(External.Number, ParameterShape.SignContext);
        foreach (var length in (int[])[0, 63, 65])
        {
            Assert.Equal(Rv.DataLenRange, TestKeys.Try(External, Use.Sign, call, TestKeys.MlDsa44.Private, new byte[length], null, out _));
            Assert.Equal(Rv.DataLenRange, TestKeys.Try(External, Use.Verify, call, TestKeys.MlDsa44.Public, new byte[length], new byte[2420], out _));
        }

        Assert.Equal(Rv.MechanismParamInvalid, TestKeys.Try(External, Use.Sign, call with { Iv = new byte[1] }, TestKeys.MlDsa44.Private, new byte[64], null, out _));
    }
}
