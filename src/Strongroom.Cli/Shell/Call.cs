using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Terminal;

namespace Strongroom.Cli.Shell;

/// <summary>One command being run: its arguments and where it runs.</summary>
internal sealed class Call(CommandShell shell, ParseResult parsed, CancellationToken cancel)
{
    public CommandShell Shell { get; } = shell;

    public ParseResult Parsed { get; } = parsed;

    public CancellationToken Cancel { get; } = cancel;

    public Prompt Prompt => Shell.Prompt;

    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    public T Need<T>(Option<T> option) => Parsed.GetRequiredValue(option);

    /// <summary>The cluster, without a login.</summary>
    public ClusterLink Cluster() => Shell.Cluster(Get(CommonOptions.ClusterId));

    /// <summary>The cluster, logged in: interactively by `login`, else by CLOUDHSM_ROLE and CLOUDHSM_PIN.</summary>
    public Task<ClusterLink> LoggedInAsync() => Shell.LoggedInAsync(Get(CommonOptions.ClusterId), Cancel);

    /// <summary>The answer of commands that return a sentence.</summary>
    public static JsonObject Message(string text) => new() { ["message"] = text };
}
