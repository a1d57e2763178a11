using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Crypto;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Keys;

/// <summary>key generate-symmetric: a secret key drawn in the HSM.</summary>
internal static class GenerateSymmetricCommand
{
    private static readonly Option<string> Label = NewKey.Label();
    private static readonly Option<ulong> Length = new("--key-length-bytes") { Description = "bytes of the key", HelpName = "N", Required = true };
    private static readonly Option<string[]> Attributes = CommonOptions.Attributes();

    public static IEnumerable<Command> CreateAll(CommandShell shell)
    {
        yield return Create(shell, "aes", "Generate an AES key (16, 24 or 32 bytes)", Mechanisms.AesKeyGen);
        yield return Create(shell, "generic-secret", "Generate a secret of 1 to 800 bytes, for HMAC", Mechanisms.GenericSecretKeyGen);
    }

    private static Command Create(CommandShell shell, string name, string description, ulong mechanism) =>
        shell.Define(name, description, call => RunAsync(call, mechanism), [Label, Length, NewKey.Session, Attributes, .. NewKey.TermsOptions()]);

    private static async Task<JsonNode> RunAsync(Call call, ulong mechanism)
    {
        var template = NewKey.Secret(call.Need(Label), call.Get(NewKey.Session)).Set(Cka.ValueLen, call.Need(Length)).Set(call.Get(Attributes) ?? []);
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await session.GenerateKeyAsync(Mechanisms.Plain(mechanism), template.ToArray(), NewKey.Terms(call), call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["key"] = await KeyView.ReadAsync(session, key, call.Cancel).ConfigureAwait(false) };
    }
}
