using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Crypto;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>key generate-asymmetric-pair: a key pair drawn in the HSM.</summary>
internal static class GeneratePairCommand
{
    private const ulong SmallestExponent = 65537;

    private static readonly Option<string> PublicLabel = NewKey.Label("--public-label");
    private static readonly Option<string> PrivateLabel = NewKey.Label("--private-label");
    private static readonly Option<string[]> PublicAttributes = CommonOptions.Attributes("--public-attributes");
    private static readonly Option<string[]> PrivateAttributes = CommonOptions.Attributes("--private-attributes");
    private static readonly Option<ulong> ModulusBits = new("--modulus-size-bits") { Description = "2048 to 4096, a multiple of 256", HelpName = "N", Required = true };
    private static readonly Option<string> Exponent = new("--public-exponent") { Description = "odd, at least 65537", HelpName = "N", Required = true };
    private static readonly Option<string> CurveName = CurveOption();
    private static readonly Option<string> MlDsaAlgorithm =
        new Option<string>("--mldsa-algorithm") { Description = "the parameter set", HelpName = "ALGORITHM", Required = true }.AcceptOnlyFromAmong([.. MlDsaParameters.All.Select(set => set.Name)]);

    public static IEnumerable<Command> CreateAll(CommandShell shell)
    {
        Option[] common = [PublicLabel, PrivateLabel, NewKey.Session, PublicAttributes, PrivateAttributes, .. NewKey.TermsOptions(ofPair: true)];
        yield return shell.Define("rsa", "Generate an RSA key pair", RsaAsync, [ModulusBits, Exponent, .. common]);
        yield return shell.Define("ec", "Generate a key pair on an elliptic curve", EcAsync, [CurveName, .. common]);
        yield return shell.Define("ml-dsa", "Generate an ML-DSA key pair, outside FIPS mode", MlDsaAsync, [MlDsaAlgorithm, .. common]);
    }

    private static Task<JsonNode> RsaAsync(Call call) => GenerateAsync(
        call,
        Mechanisms.Plain(Mechanisms.RsaKeyPairGen),
        AttributeValue.Number(Cka.ModulusBits, call.Need(ModulusBits)),
        AttributeValue.Bytes(Cka.PublicExponent, ParseExponent(call.Need(Exponent))));

    private static Task<JsonNode> EcAsync(Call call)
    {
        var curve = Curve.Named(call.Need(CurveName));
        return GenerateAsync(call, Mechanisms.Plain(curve.IsEdwards ? Mechanisms.EcEdwardsKeyPairGen : Mechanisms.EcKeyPairGen), AttributeValue.Bytes(Cka.EcParams, curve.Parameters));
    }

    private static Task<JsonNode> MlDsaAsync(Call call) => GenerateAsync(
        call, Mechanisms.Plain(Mechanisms.MlDsaKeyPairGen), AttributeValue.Number(Cka.ParameterSet, MlDsaParameters.All.First(set => set.Name == call.Need(MlDsaAlgorithm)).Number));

    private static async Task<JsonNode> GenerateAsync(Call call, WireMechanism mechanism, params WireAttribute[] parameters)
    {
        var isSession = call.Get(NewKey.Session);
        var publicTemplate = NewKey.Public(call.Need(PublicLabel), isSession).Set(call.Get(PublicAttributes) ?? []);
        var privateTemplate = NewKey.Private(call.Need(PrivateLabel), isSession).Set(call.Get(PrivateAttributes) ?? []);
        foreach (var parameter in parameters)
        {
            publicTemplate.Set(parameter);
        }

        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var pair = await session.GenerateKeyPairAsync(mechanism, publicTemplate.ToArray(), privateTemplate.ToArray(), NewKey.Terms(call, ofPair: true), call.Cancel).ConfigureAwait(false);
        return new JsonObject
        {
            ["public_key"] = await KeyView.ReadAsync(session, pair.PublicHandle, call.Cancel).ConfigureAwait(false),
            ["private_key"] = await KeyView.ReadAsync(session, pair.PrivateHandle, call.Cancel).ConfigureAwait(false),
        };
    }

    // CKA_PUBLIC_EXPONENT is a big-endian integer without leading zeros.
    private static byte[] ParseExponent(string text)
    {
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var exponent) || exponent < SmallestExponent || exponent % 2 == 0)
        {
            throw new CommandRefusedException($"--public-exponent is an odd number of at least {SmallestExponent}, not {text}");
        }

        return new System.Numerics.BigInteger(exponent).ToByteArray(isUnsigned: true, isBigEndian: true);
    }

    private static Option<string> CurveOption() =>
        new Option<string>("--curve") { Description = "the curve", HelpName = "CURVE", Required = true }.AcceptOnlyFromAmong([.. Curve.AllNames]);
}
