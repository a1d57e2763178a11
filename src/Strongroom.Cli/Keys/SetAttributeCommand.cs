using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Keys;

/// <summary>key set-attribute: by the owner; `trusted` by an admin.</summary>
internal static class SetAttributeCommand
{
    private static readonly Option<string[]> Filter = CommonOptions.Filter();
    private static readonly Option<string> Name = new("--name") { Description = "the attribute", HelpName = "NAME", Required = true };
    private static readonly Option<string> Value = new("--value") { Description = "its new value", HelpName = "VALUE", Required = true };

    public static Command Create(CommandShell shell) => shell.Define("set-attribute", "Change an attribute of a key", RunAsync, Filter, Name, Value, Approval.Option);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var filter = KeyFilter.Parse(call.Need(Filter));
        var attribute = AttributeValue.Parse(AttributeList.Named(call.Need(Name)), call.Need(Value));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
        await session.SetAttributesAsync(key, [attribute], call.Cancel).ConfigureAwait(false);
        return Call.Message("Attribute set successfully");
    }
}
