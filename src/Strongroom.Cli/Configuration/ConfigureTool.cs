using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Cli.Terminal;
using Strongroom.Client;

namespace Strongroom.Cli.Configuration;

/// <summary>
/// configure-cli and configure-pkcs11: write the component's configuration in CloudHSM's own format, with the cluster's id and key pinned.
/// The key is read from the HSM whose address is given, and it must be certified by the customer's CA.
/// </summary>
internal static class ConfigureTool
{
    private const string UsualCa = "/opt/cloudhsm/etc/customerCA.crt";

    private static readonly Option<string[]> Addresses = new("-a", "--address")
    {
        Description = "addresses of the cluster's HSMs, each HOST or HOST:PORT",
        HelpName = "ADDRESS",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> ClusterId = new("--cluster-id") { Description = "the cluster; refused if the HSM serves another", HelpName = "ID" };
    private static readonly Option<string> CaFile = new("--hsm-ca-cert") { Description = "the customer's CA", HelpName = "PATH", DefaultValueFactory = _ => UsualCa };
    private static readonly Option<string?> LogFile = new("--log-file") { Description = "the log", HelpName = "PATH" };
    private static readonly Option<string> LogLevel =
        new Option<string>("--log-level") { Description = "how much is logged", HelpName = "LEVEL", DefaultValueFactory = _ => "info" }.AcceptOnlyFromAmong("error", "warn", "info", "debug", "trace");

    private static readonly Option<string> LogType =
        new Option<string>("--log-type") { Description = "where the log goes", HelpName = "TYPE", DefaultValueFactory = _ => "file" }.AcceptOnlyFromAmong("file", "term");

    private static readonly Option<string?> File = new("--config-file") { Description = "the file to write; else that of the component's environment variable, else its usual path", HelpName = "PATH" };

    // CloudHSM's users turn this off on clusters of one HSM. Here every key is in the shared store before it is acknowledged, so both words change nothing.
    private static readonly Option<bool> DisableAvailabilityCheck = new("--disable-key-availability-check") { Description = "accepted for compatibility; a key is always available" };
    private static readonly Option<bool> EnableAvailabilityCheck = new("--enable-key-availability-check") { Description = "accepted for compatibility; a key is always available" };

    public static async Task<int> RunAsync(Component component, string[] args)
    {
        var root = new RootCommand($"Write the configuration of {component.Tool["configure-".Length..]}.") { Addresses, ClusterId, CaFile, LogFile, LogLevel, LogType, File, DisableAvailabilityCheck, EnableAvailabilityCheck };
        root.SetAction((parsed, cancel) => ConfigureAsync(component, parsed, cancel));
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

    private static async Task<int> ConfigureAsync(Component component, ParseResult parsed, CancellationToken cancel)
    {
        HsmAddress[] addresses = [.. (parsed.GetValue(Addresses) ?? []).Select(ParseAddress)];
        if (addresses.Length == 0)
        {
            throw new CommandRefusedException("Give the address of at least one HSM: -a ADDRESS");
        }

        var caFile = Path.GetFullPath(parsed.GetRequiredValue(CaFile));
        var found = await ProbeAsync(addresses, new ClusterConfiguration("", caFile, null, addresses).Trust(), cancel).ConfigureAwait(false);
        if (parsed.GetValue(ClusterId) is { } wanted && wanted != found.ClusterId)
        {
            throw new CommandRefusedException($"The HSM serves {found.ClusterId}, not {wanted}");
        }

        var path = Path.GetFullPath(parsed.GetValue(File) ?? (Environment.GetEnvironmentVariable(component.Variable) is { Length: > 0 } named ? named : component.UsualPath));
        var text = Envelope.Text(Document(found, caFile, addresses, parsed.GetRequiredValue(LogType), parsed.GetValue(LogFile) ?? component.UsualLog, parsed.GetRequiredValue(LogLevel)));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await WriteAsync(path, text + "\n", cancel).ConfigureAwait(false);
        await Console.Out.WriteLineAsync($"Wrote {path}: {found.ClusterId}, key SHA-256 {found.KeySha256}").ConfigureAwait(false);
        return 0;
    }

    // The HSMs of a cluster all have its one key. The first that answers tells it; one that is down may be configured all the same.
    private static async Task<ClusterProbe> ProbeAsync(HsmAddress[] addresses, ClusterTrust trust, CancellationToken cancel)
    {
        HsmUnreachableException? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return await ClusterProbe.AskAsync(address.Resolve(), trust, cancel).ConfigureAwait(false);
            }
            catch (HsmUnreachableException e)
            {
                last = e;
            }
        }

        throw last!;
    }

    private static JsonObject Document(ClusterProbe cluster, string caFile, HsmAddress[] addresses, string logType, string logFile, string logLevel) => new()
    {
        ["clusters"] = new JsonArray(new JsonObject
        {
            ["type"] = "hsm1",
            ["cluster"] = new JsonObject
            {
                ["hsm_ca_file"] = caFile,
                ["cluster_id"] = cluster.ClusterId,
                ["cluster_key_sha256"] = cluster.KeySha256,
                ["servers"] = new JsonArray([.. addresses.Select(address => new JsonObject { ["hostname"] = address.Host, ["port"] = address.Port, ["enable"] = true })]),
                ["options"] = new JsonObject { ["disable_key_availability_check"] = true },
            },
        }),
        ["logging"] = new JsonObject { ["log_type"] = logType, ["log_file"] = logFile, ["log_level"] = logLevel, ["log_interval"] = "daily" },
    };

    // A reader sees the old file or the new one, never half of it.
    private static async Task WriteAsync(string path, string text, CancellationToken cancel)
    {
        var temporary = $"{path}.{Environment.ProcessId}";
        await System.IO.File.WriteAllTextAsync(temporary, text, cancel).ConfigureAwait(false);
        System.IO.File.Move(temporary, path, overwrite: true);
    }

    private static HsmAddress ParseAddress(string text)
    {
        if (IPAddress.TryParse(text, out _))
        {
            return new HsmAddress(text, HsmAddress.UsualPort);
        }

        return IPEndPoint.TryParse(text, out var endpoint) ? new HsmAddress(endpoint.Address.ToString(), endpoint.Port) : new HsmAddress(text, HsmAddress.UsualPort);
    }
}
