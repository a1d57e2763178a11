using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Keys;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Attestation;

/// <summary>key attest: what the HSM says of a key, signed by its identity and by the cluster, as files that `key attest verify` and openssl verify offline.</summary>
internal static class AttestCommand
{
    private const int MaxNonce = 64;

    // Not required, so that the subcommand needs none of them.
    private static readonly Option<string[]> Filter = CommonOptions.Filter(required: false);
    private static readonly Option<string?> Path = new("--path") { Description = "the folder for the files", HelpName = "FOLDER" };
    private static readonly Option<string?> Nonce = new("--nonce") { Description = "hexadecimal, from whoever wants to know that the statement is new", HelpName = "HEX" };

    public static Command Create(CommandShell shell)
    {
        var command = shell.Define(
            "attest", "Have the HSM vouch for a key. Example: key attest --filter attr.label=web attr.class=private-key --path web-attestation", RunAsync, Filter, Path, Nonce);
        command.Add(VerifyAttestationCommand.Create(shell));
        return command;
    }

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var filter = KeyFilter.Parse(call.Get(Filter) is { Length: > 0 } terms ? terms : throw new CommandRefusedException("Option '--filter' is required."));
        var folder = call.Get(Path) ?? throw new CommandRefusedException("Option '--path' is required.");
        var nonce = call.Get(Nonce) is { } hex ? AttributeValue.ParseHex("--nonce", hex) : null;
        if (nonce is { Length: > MaxNonce })
        {
            throw new CommandRefusedException($"--nonce has at most {MaxNonce} bytes");
        }

        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        var reply = await session.AttestAsync(key, nonce, call.Cancel).ConfigureAwait(false);
        await new AttestationFiles(folder).WriteAsync(reply, call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["key-reference"] = KeyReference.Text(key), ["path"] = folder, ["message"] = "Key attested successfully" };
    }
}
