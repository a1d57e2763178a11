using System.CommandLine;
using Strongroom.Cli.Keys;
using Strongroom.Cli.Shell;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Crypto;

/// <summary>What signing and verifying have in common: the key, and data or a digest of it.</summary>
internal static class SignatureInput
{
    private static readonly Option<string[]> KeyFilterOption = CommonOptions.Filter("--key-filter");
    private static readonly BinaryInput Data = new("--data", "the data");

    public static Option[] Options => [KeyFilterOption, .. Data.Options];

    public static async Task<(HsmSession Session, ulong Key, WireMechanism Mechanism, byte[] Input)> ReadAsync(Call call, SignatureAlgorithm algorithm)
    {
        var filter = KeyFilter.Parse(call.Need(KeyFilterOption));
        var plan = algorithm.Plan(call);
        var given = plan.Hash is null ? plan.Check(Data.Read(call)) : plan.IsDigest ? plan.Hash.Check(Data.Read(call)) : null;
        using var data = given is null ? Data.Open(call) : Stream.Null;
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        var input = given ?? await plan.Hash!.ComputeAsync(data, session, cluster.Client, call.Cancel).ConfigureAwait(false);
        return (session, key, plan.Mechanism, [.. plan.Prefix, .. input]);
    }
}
