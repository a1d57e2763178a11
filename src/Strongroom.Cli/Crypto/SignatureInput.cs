using System.CommandLine;
using Strongroom.Cli.Keys;
using Strongroom.Cli.Shell;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Crypto;

/// <summary>What signing and verifying have in common: the key, and data or a digest of it.</summary>
internal static class SignatureInput
{
    private const string Raw = "raw";
    private const string Digest = "digest";

    private static readonly Option<string[]> KeyFilterOption = CommonOptions.Filter("--key-filter");
    private static readonly Option<string> DataType =
        new Option<string>("--data-type") { Description = "whether the data is hashed here, or is a digest already", HelpName = "TYPE", DefaultValueFactory = _ => Raw }.AcceptOnlyFromAmong(Raw, Digest);

    private static readonly BinaryInput Data = new("--data", "the data");

    public static Option[] Options => [KeyFilterOption, HashFunction.Option, .. Data.Options, DataType];

    public static async Task<(HsmSession Session, ulong Key, WireMechanism Mechanism, byte[] Input)> ReadAsync(Call call, SignatureAlgorithm algorithm)
    {
        var filter = KeyFilter.Parse(call.Need(KeyFilterOption));
        var hash = HashFunction.Named(call.Need(HashFunction.Option));
        var mechanism = algorithm.Mechanism(call, hash);
        var given = call.Need(DataType) == Digest ? hash.Check(Data.Read(call)) : null;
        using var data = given is null ? Data.Open(call) : Stream.Null;
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        var digest = given ?? await hash.ComputeAsync(data, session, cluster.Client, call.Cancel).ConfigureAwait(false);
        return (session, key, mechanism, algorithm.Input(hash, digest));
    }
}
