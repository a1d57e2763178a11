using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Attributes;

/// <summary>A curve under the names that CloudHSM takes; the first is the one printed.</summary>
/// <param name="Names">as on the command line</param>
/// <param name="Parameters">CKA_EC_PARAMS: the DER encoding of the curve's object identifier (SEC 2, RFC 5480)</param>
/// <param name="IsEdwards">keys on it are CKK_EC_EDWARDS</param>
internal sealed record Curve(string[] Names, byte[] Parameters, bool IsEdwards = false)
{
    public static IReadOnlyList<Curve> All { get; } =
    [
        new(["secp256r1", "prime256v1"], Convert.FromHexString("06082A8648CE3D030107")),
        new(["secp384r1"], Convert.FromHexString("06052B81040022")),
        new(["secp224r1"], Convert.FromHexString("06052B81040021")),
        new(["secp521r1"], Convert.FromHexString("06052B81040023")),
        new(["secp256k1"], Convert.FromHexString("06052B8104000A")),
        new(["ed25519"], Convert.FromHexString("06032B6570"), IsEdwards: true),
    ];

    public static IEnumerable<string> AllNames => All.SelectMany(curve => curve.Names);

    public static Curve Named(string name) =>
        All.FirstOrDefault(curve => curve.Names.Contains(name)) ?? throw new CommandRefusedException($"There is no curve {name}; known are {string.Join(", ", AllNames)}");

    public static Curve? Of(ReadOnlySpan<byte> parameters)
    {
        foreach (var curve in All)
        {
            if (parameters.SequenceEqual(curve.Parameters))
            {
                return curve;
            }
        }

        return null;
    }
}
