using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Quorum;

/// <summary>quorum token-sign list-quorum-values, set-quorum-value, list-timeouts and set-timeout.</summary>
internal static class SettingsCommands
{
    private static readonly Option<string> ServiceName =
        new Option<string>("--service") { Description = "the service", HelpName = "SERVICE", Required = true }.AcceptOnlyFromAmong([.. Service.OfAdmins.Select(service => service.Name)]);

    private static readonly Option<ulong> Value = new("--value") { Description = "approvals, 1 to 8; 1 means none", HelpName = "N", Required = true };
    private static readonly Option<ulong?> Generated = new("--generated") { Description = "seconds that a token may wait for its approvals", HelpName = "SECONDS" };
    private static readonly Option<ulong?> Approved = new("--approved") { Description = "seconds that an approved token may wait for its operation", HelpName = "SECONDS" };

    public static IEnumerable<Command> CreateAll(CommandShell shell) =>
    [
        shell.Define("list-quorum-values", "Show how many approvals each service takes", ListValuesAsync),
        shell.Define("set-quorum-value", "Set how many approvals a service takes", SetValueAsync, ServiceName, Value, Approval.Option),
        shell.Define("list-timeouts", "Show for how many seconds tokens are good", ListTimeoutsAsync),
        shell.Define("set-timeout", "Set for how many seconds tokens are good", SetTimeoutAsync, Generated, Approved),
    ];

    private static async Task<JsonNode> ListValuesAsync(Call call)
    {
        var settings = await call.Cluster().Client.GetQuorumSettingsAsync(call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["user"] = settings.User, ["quorum"] = settings.Quorum, ["cluster"] = settings.Cluster };
    }

    private static async Task<JsonNode> SetValueAsync(Call call)
    {
        var (service, value) = (Service.Named(call.Need(ServiceName)), call.Need(Value));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
        await cluster.Client.SetQuorumValueAsync(service.Number, value, call.Cancel).ConfigureAwait(false);
        return JsonValue.Create("Set Quorum Value successful");
    }

    private static async Task<JsonNode> ListTimeoutsAsync(Call call)
    {
        var settings = await call.Cluster().Client.GetQuorumSettingsAsync(call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["generated"] = settings.GeneratedFor, ["approved"] = settings.ApprovedFor };
    }

    private static async Task<JsonNode> SetTimeoutAsync(Call call)
    {
        var (generated, approved) = (call.Get(Generated), call.Get(Approved));
        if ((generated, approved) == (null, null))
        {
            throw new CommandRefusedException($"Give {Generated.Name} or {Approved.Name}");
        }

        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        await cluster.Client.SetQuorumTimeoutsAsync(generated, approved, call.Cancel).ConfigureAwait(false);
        return JsonValue.Create("Set token timeout successful");
    }
}
