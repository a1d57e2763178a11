using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Strongroom.Server.Deployment;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Status;

/// <summary><c>strongroom status</c>.</summary>
internal static class StatusCommand
{
    private static readonly string[] Headings = ["HSM", "cluster", "state", "address", "root of trust", "epoch/seq", "up", "starts", "users", "keys", "sessions", "signatures"];

    public static Command Create() => CommandLineOptions.Command(
        "status", "Show every HSM: whether it serves, since when, and what it has done. Exit code 1 if one is not serving.", "strongroom status --json", RunAsync, CommandLineOptions.Directory, CommandLineOptions.Json);

    /// <summary>The table and, below it, what to do about each HSM that does not serve.</summary>
    public static void Show(DeploymentStatus status)
    {
        Screen.Line($"{status.Directory}: {(status.SupervisorPid == 0 ? "not running" : $"supervisor {status.SupervisorPid}")}");
        if (status.Hsms.Length == 0)
        {
            Screen.Line("There is no HSM yet. Next: strongroom quickstart");
            return;
        }

        Screen.Table(Headings, [.. status.Hsms.Select(Row)]);
        foreach (var hsm in status.Hsms.Where(hsm => !hsm.IsServing))
        {
            Screen.Line($"{hsm.Hsm} is {hsm.State}{(hsm.Cause.Length > 0 ? ": " + hsm.Cause : "")}");
            if (hsm.Remedy.Length > 0)
            {
                Screen.Command(hsm.Remedy);
            }
        }

        foreach (var hsm in status.Hsms.Where(hsm => hsm.RootOfTrust == "file"))
        {
            Screen.Warning($"{hsm.Hsm}: development root of trust (file): whoever copies its directory has its keys.");
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var status = await new StatusReader(parsed.Layout()).ReadAsync(cancel).ConfigureAwait(false);
        if (parsed.GetValue(CommandLineOptions.Json))
        {
            Screen.Line(JsonSerializer.Serialize(status, ServerJson.Default.DeploymentStatus));
        }
        else
        {
            Show(status);
        }

        return status.IsServing ? 0 : 1;
    }

    private static Cell[] Row(HsmStatus hsm) =>
    [
        hsm.Hsm,
        hsm.Cluster,
        new Cell(hsm.State, hsm.IsServing ? Tone.Good : hsm.State is "down" or "failed" or "unaccepted" ? Tone.Bad : Tone.Waiting),
        hsm.Address,
        hsm.RootOfTrust,
        $"{hsm.Epoch}/{hsm.Sequence}",
        Duration(TimeSpan.FromSeconds(hsm.UptimeSeconds)),
        hsm.Starts.ToString(CultureInfo.InvariantCulture),
        Number(HsmMetrics.Users(hsm.Counters)),
        Number(HsmMetrics.Keys(hsm.Counters)),
        Number(HsmMetrics.Sessions(hsm.Counters)),
        Number(HsmMetrics.Signatures(hsm.Counters)),
    ];

    private static string Number(ulong? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => $"{time.Seconds} s",
        { TotalHours: < 1 } => $"{time.Minutes} min",
        { TotalDays: < 2 } => $"{(int)time.TotalHours} h {time.Minutes} min",
        _ => $"{(int)time.TotalDays} d",
    };
}
