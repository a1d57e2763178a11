namespace Strongroom.Bench;

/// <summary>A PKCS#11 module under measurement: ours with its HSM process, or one that works in the client's own process.</summary>
/// <param name="HsmProcess">Process id of the HSM, to count its CPU time; null if it has none.</param>
internal sealed record Subject(string Name, string Module, string Token, string Pin, int? HsmProcess, IReadOnlyDictionary<string, string> Environment)
{
    public static Subject Strongroom() => new(
        "Strongroom",
        Require("STRONGROOM_PKCS11_MODULE"),
        Require("STRONGROOM_TOKEN_LABEL"),
        Require("STRONGROOM_PIN"),
        int.Parse(Require("STRONGROOM_BENCH_HSM_PID"), System.Globalization.CultureInfo.InvariantCulture),
        new Dictionary<string, string>());

    private static string Require(string name) =>
        System.Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set: start this through bench/run");
}
