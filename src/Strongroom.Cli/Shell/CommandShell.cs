using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using Strongroom.Cli.Configuration;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Terminal;

namespace Strongroom.Cli.Shell;

/// <summary>
/// Where commands run: the configured clusters, their connections and logins, the terminal. A single command has one shell; interactive mode keeps one until it ends.
/// It is used by one command at a time.
/// </summary>
internal sealed class CommandShell(Prompt prompt, TextWriter output, Func<string, string?> environment) : IAsyncDisposable
{
    private const string FileName = "PATH"; // as the help calls the value of every option that names a file

    private readonly Dictionary<string, ClusterLink> _links = [];
    private CliConfiguration? _configuration;

    public Prompt Prompt { get; } = prompt;

    public TextWriter Output { get; } = output;

    /// <summary>In interactive mode a login is what `login` made, and the environment's is not used.</summary>
    public bool IsInteractive { get; set; }

    /// <summary>In interactive mode, the cluster that it was started for.</summary>
    public string? DefaultCluster { get; set; }

    public CliConfiguration Configuration => _configuration ??= CliConfiguration.Load(environment);

    /// <summary>A variable of the environment.</summary>
    public string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>A command whose result goes into the envelope.</summary>
    public Command Define(string name, string description, Func<Call, Task<JsonNode>> run, params Option[] options) =>
        Bare(name, description, call => Envelope.RunAsync(this, call.Parsed, () => run(call)), options);

    /// <summary>A command that prints as it goes, without an envelope.</summary>
    public Command DefineStream(string name, string description, Func<Call, Task> run, params Option[] options) =>
        Bare(name, description, call => Envelope.StreamAsync(this, () => run(call)), options);

    /// <summary>The cluster with this id, or the only one.</summary>
    public ClusterLink Cluster(string? id)
    {
        var cluster = Configuration.Find(id ?? DefaultCluster);
        if (!_links.TryGetValue(cluster.ClusterId, out var link))
        {
            _links.Add(cluster.ClusterId, link = new ClusterLink(cluster));
        }

        return link;
    }

    /// <summary>The cluster, with somebody logged in.</summary>
    public async Task<ClusterLink> LoggedInAsync(string? id, CancellationToken cancel)
    {
        var link = Cluster(id);
        if (link.Login is null)
        {
            if (IsInteractive)
            {
                throw new CommandRefusedException("Nobody is logged in. Log in first: login --username USERNAME --role ROLE");
            }

            await link.LogInAsync(Credentials.FromEnvironment(this), cancel).ConfigureAwait(false);
        }

        return link;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in _links.Values)
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Command Bare(string name, string description, Func<Call, Task<int>> run, Option[] options)
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            foreach (var file in result.Children.OfType<OptionResult>().Where(one => one.Option.HelpName == FileName && one.Tokens is [{ Value.Length: 0 }]))
            {
                file.AddError($"{file.Option.Name}: the name of a file is empty");
            }
        });

        command.SetAction((parsed, cancel) => run(new Call(this, parsed, cancel)));
        return command;
    }
}
