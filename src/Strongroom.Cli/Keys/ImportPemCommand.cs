using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Keys;

/// <summary>key import pem: a public key from a PEM file.</summary>
internal static class ImportPemCommand
{
    private const string EcPublic = "ec-public";
    private const string RsaPublic = "rsa-public";

    private static readonly Option<string> Path = CommonOptions.Path("the PEM file");
    private static readonly Option<string> Label = NewKey.Label();
    private static readonly Option<string> KeyTypeClass =
        new Option<string>("--key-type-class") { Description = "what the file holds", HelpName = "CLASS", Required = true }.AcceptOnlyFromAmong(EcPublic, RsaPublic);

    private static readonly Option<string[]> Attributes = CommonOptions.Attributes();

    public static Command Create(CommandShell shell) => shell.Define("pem", "Import a public key from a PEM file", RunAsync, Path, Label, KeyTypeClass, NewKey.Session, Attributes);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var path = call.Need(Path);
        var template = NewKey.Public(call.Need(Label), call.Get(NewKey.Session)).Set(Cka.Class, KeyClass.Public.Number);
        var wanted = call.Need(KeyTypeClass) == RsaPublic ? KeyKind.Rsa : KeyKind.Ec;
        template.Set(PublicKeyFile.Read(path, wanted.Numbers.Contains, call.Need(KeyTypeClass))).Set(call.Get(Attributes) ?? []);
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await session.CreateObjectAsync(template.ToArray(), call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["key"] = await KeyView.ReadAsync(session, key, call.Cancel).ConfigureAwait(false), ["message"] = "Successfully imported key" };
    }
}
