using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Keys;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Quorum;

/// <summary>quorum token-sign generate: a token file for approvers to sign. The token is good in this login alone, so operations that take approvals are done in interactive mode.</summary>
internal static class GenerateTokenCommand
{
    private static readonly Option<string> ServiceName = new Option<string>("--service") { Description = "what the token is for", HelpName = "SERVICE", Required = true }
        .AcceptOnlyFromAmong([.. Service.All.Select(service => service.Name), Service.Registration]);

    private static readonly Option<string> Token = new("--token") { Description = "the token file to write", HelpName = "PATH", Required = true };
    private static readonly Option<string[]> Filter = CommonOptions.Filter(required: false);

    public static Command Create(CommandShell shell) => shell.Define("generate", "Generate a quorum token", RunAsync, ServiceName, Token, Filter);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var (name, path) = (call.Need(ServiceName), call.Need(Token));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await TokenFile.WriteAsync(path, name == Service.Registration ? await RegistrationAsync(call, cluster).ConfigureAwait(false) : await TokenAsync(call, cluster, Service.Named(name)).ConfigureAwait(false), call.Cancel)
            .ConfigureAwait(false);
        return new JsonObject { ["path"] = path };
    }

    private static async Task<JsonObject> RegistrationAsync(Call call, ClusterLink cluster)
    {
        var challenge = (await cluster.Client.BeginQuorumRegistrationAsync(call.Cancel).ConfigureAwait(false)).ToArray();
        return TokenFile.Unsigned(TokenFile.Hash(challenge), challenge);
    }

    private static async Task<JsonObject> TokenAsync(Call call, ClusterLink cluster, Service service)
    {
        ulong? key = null;
        if (service.IsOfKeys)
        {
            var filter = KeyFilter.Parse(call.Get(Filter) is { Length: > 0 } terms ? terms : throw new CommandRefusedException($"The service {service.Name} is that of one key: name it by --filter"));
            key = await filter.FindOneAsync(await cluster.SessionAsync(call.Cancel).ConfigureAwait(false), call.Cancel).ConfigureAwait(false);
        }

        var data = (await cluster.Client.GenerateQuorumTokenAsync(service.Number, key, call.Cancel).ConfigureAwait(false)).ToArray();
        var file = new JsonObject { ["version"] = TokenFile.Version, ["service"] = service.InFile };
        if (key is { } handle)
        {
            file["key_reference"] = KeyReference.Text(handle);
        }

        file["approval_data"] = Convert.ToBase64String(data);
        file["token"] = Convert.ToBase64String(TokenFile.Hash(data));
        file["signatures"] = new JsonArray();
        return file;
    }
}
