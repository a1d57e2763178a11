using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Keys;

/// <summary>key generate-file: the public key as a PEM file (SubjectPublicKeyInfo, RFC 7468), of either half of a pair.</summary>
internal static class GenerateFileCommand
{
    private const string Pem = "pem";

    private static readonly Option<string> Encoding = new Option<string>("--encoding") { Description = "form of the file", HelpName = "ENCODING", Required = true }.AcceptOnlyFromAmong(Pem);
    private static readonly Option<string> Path = CommonOptions.Path("the file to write");
    private static readonly Option<string[]> Filter = CommonOptions.Filter();

    public static Command Create(CommandShell shell) => shell.Define("generate-file", "Write a key's public part to a file", RunAsync, Encoding, Path, Filter);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var filter = KeyFilter.Parse(call.Need(Filter));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        var results = await session.GetAttributesAsync(key, [Cka.PublicKeyInfo], call.Cancel).ConfigureAwait(false);
        if (results is not [{ Value: { Length: > 0 } info }])
        {
            throw new CommandRefusedException($"The key {KeyReference.Text(key)} has no public part");
        }

        await File.WriteAllTextAsync(call.Need(Path), PemEncoding.WriteString("PUBLIC KEY", info.Span) + "\n", call.Cancel).ConfigureAwait(false);
        return Call.Message("Successfully generated key file");
    }
}
