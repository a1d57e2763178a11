using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Client;

namespace Strongroom.Cli.Configuration;

/// <summary>
/// configure-cli, configure-pkcs11 and configure-dyn: write the component's configuration in CloudHSM's own format, with the cluster's id and key pinned. The key is read from the HSM whose address is given, and it
/// must be certified by the customer's CA. Without an address or a cluster, settings of the file that is there are changed.
/// </summary>
internal static class ConfigureTool
{
    public static async Task<int> RunAsync(Component component, string[] args)
    {
        Option[] options = [.. ConfigureOptions.OfCluster(component), .. ConfigureOptions.OfLog, ConfigureOptions.File];
        var root = With(new RootCommand($"Write the configuration of {component.Tool["configure-".Length..]}. Example: {component.Tool} -a 10.0.0.9 --hsm-ca-cert customerCA.crt"), options);
        root.SetAction((parsed, cancel) => SetAsync(component, parsed, cancel));
        var add = With(new Command("add-cluster", $"Add a cluster. Example: {component.Tool} add-cluster --cluster-id cluster-1234567abcd -a 10.0.0.9"), [.. ConfigureOptions.OfCluster(component), ConfigureOptions.File]);
        add.SetAction((parsed, cancel) => AddAsync(component, parsed, cancel));
        var remove = With(new Command("remove-cluster", $"Remove a cluster. Example: {component.Tool} remove-cluster --cluster-id cluster-1234567abcd"), [ConfigureOptions.ClusterId, ConfigureOptions.File]);
        remove.SetAction((parsed, cancel) => RemoveAsync(component, parsed, cancel));
        root.Add(add);
        root.Add(remove);
        var parsed = root.Parse(args);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CommandRefusedException or HsmUnreachableException or HsmNotTrustedException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{component.Tool}: {e.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    private static Command With(Command command, IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            command.Add(option);
        }

        return command;
    }

    // A cluster that is named or found takes the place of the only one there is; else it has to be one of those that are there.
    private static async Task<int> SetAsync(Component component, ParseResult parsed, CancellationToken cancel)
    {
        var (path, file) = Open(component, parsed);
        if (!ConfiguredCluster.IsAddressed(parsed))
        {
            return await ChangeSettingsAsync(component, parsed, path, file, cancel).ConfigureAwait(false);
        }

        var found = await ConfiguredCluster.FindAsync(parsed, cancel).ConfigureAwait(false);
        if (file.Find(found.Id) is null && file.Clusters.Count > 1)
        {
            throw new CommandRefusedException($"{path} has {file.Clusters.Count} clusters and {found.Id} is none of them. Add it with: {component.Tool} add-cluster --cluster-id {found.Id}");
        }

        if (file.Find(found.Id) is null && file.Clusters is [{ } other])
        {
            file.Remove((string?)other["cluster_id"] ?? "");
        }

        found.WriteTo(file.Find(found.Id) ?? file.Add(found.Id), component, parsed);
        ChangeLog(file.Logging(component.UsualLogType, component.UsualLog), parsed);
        return await SaveAsync(path, file, found, cancel).ConfigureAwait(false);
    }

    private static async Task<int> AddAsync(Component component, ParseResult parsed, CancellationToken cancel)
    {
        var (path, file) = Open(component, parsed);
        var found = ConfiguredCluster.IsAddressed(parsed)
            ? await ConfiguredCluster.FindAsync(parsed, cancel).ConfigureAwait(false)
            : throw new CommandRefusedException("Name the cluster: --cluster-id ID, with -a ADDRESS if the CloudHSM API does not know it");
        found.WriteTo(file.Find(found.Id) ?? file.Add(found.Id), component, parsed);
        _ = file.Logging(component.UsualLogType, component.UsualLog);
        return await SaveAsync(path, file, found, cancel).ConfigureAwait(false);
    }

    private static async Task<int> RemoveAsync(Component component, ParseResult parsed, CancellationToken cancel)
    {
        var (path, file) = Open(component, parsed);
        var id = parsed.GetValue(ConfigureOptions.ClusterId) ?? throw new CommandRefusedException("Name the cluster: --cluster-id ID");
        if (!file.Remove(id))
        {
            throw new CommandRefusedException($"{path} has no cluster {id}");
        }

        await file.SaveAsync(cancel).ConfigureAwait(false);
        await Console.Out.WriteLineAsync($"Removed {id} from {path}").ConfigureAwait(false);
        return 0;
    }

    private static async Task<int> ChangeSettingsAsync(Component component, ParseResult parsed, string path, ConfigurationFile file, CancellationToken cancel)
    {
        if (file.IsNew)
        {
            throw new CommandRefusedException($"There is no {path} yet. Give the address of at least one HSM: -a ADDRESS");
        }

        foreach (var cluster in file.Clusters)
        {
            await ConfiguredCluster.ChangeAsync(cluster, component, parsed, cancel).ConfigureAwait(false);
        }

        ChangeLog(file.Logging(component.UsualLogType, component.UsualLog), parsed);
        await file.SaveAsync(cancel).ConfigureAwait(false);
        await Console.Out.WriteLineAsync($"Wrote {path}").ConfigureAwait(false);
        return 0;
    }

    private static void ChangeLog(JsonObject log, ParseResult parsed)
    {
        (string Setting, Option<string?> Option)[] settings =
        [
            ("log_type", ConfigureOptions.LogType), ("log_file", ConfigureOptions.LogFile), ("log_level", ConfigureOptions.LogLevel), ("log_interval", ConfigureOptions.LogRotation),
        ];
        foreach (var (setting, option) in settings)
        {
            if (parsed.GetValue(option) is { } value)
            {
                log[setting] = value;
            }
        }
    }

    private static (string Path, ConfigurationFile File) Open(Component component, ParseResult parsed)
    {
        var named = Environment.GetEnvironmentVariable(component.Variable) is { Length: > 0 } variable ? variable : component.UsualPath;
        var path = Path.GetFullPath(parsed.GetValue(ConfigureOptions.File) ?? named);
        return (path, ConfigurationFile.Open(path));
    }

    private static async Task<int> SaveAsync(string path, ConfigurationFile file, ConfiguredCluster found, CancellationToken cancel)
    {
        await file.SaveAsync(cancel).ConfigureAwait(false);
        await Console.Out.WriteLineAsync($"Wrote {path}: {found.Id}, key SHA-256 {found.KeySha256}").ConfigureAwait(false);
        return 0;
    }
}
