using System.CommandLine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;
using Strongroom.Server.Status;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Supervision;

/// <summary><c>strongroom up</c>, <c>stop</c>, <c>logs</c>, and <c>supervise</c>, the process that <c>up</c> leaves behind.</summary>
internal static class SupervisorCommands
{
    private static readonly Option<string?> Hsm = new("--hsm") { Description = "only this HSM's log", HelpName = "HSM" };
    private static readonly Option<int> Lines = new("--lines", "-n") { Description = "how many lines of each log", HelpName = "N", DefaultValueFactory = _ => 20 };
    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "go on until Ctrl-C" };

    public static IEnumerable<Command> Create()
    {
        yield return CommandLineOptions.Command("up", "Start every HSM of DIR in the background, and wait until each serves or says what it waits for.", "strongroom up --dir .strongroom", UpAsync, CommandLineOptions.Directory);
        yield return CommandLineOptions.Command("stop", "Stop every HSM of DIR. Sessions end; keys stay.", "strongroom stop --dir .strongroom", StopAsync, CommandLineOptions.Directory);
        yield return CommandLineOptions.Command("logs", "Show the logs of the supervisor and the HSMs.", "strongroom logs --follow", LogsAsync, CommandLineOptions.Directory, Hsm, Lines, Follow);
        var supervise = CommandLineOptions.Command("supervise", "Run the supervisor: what `up` starts.", "strongroom supervise --dir .strongroom", SuperviseAsync, CommandLineOptions.Directory);
        supervise.Hidden = true;
        yield return supervise;
    }

    private static async Task<int> UpAsync(ParseResult parsed, CancellationToken cancel)
    {
        var layout = parsed.Layout();
        if (DeploymentFile.Read(layout).Hsms.Length == 0)
        {
            throw new RefusalException($"There is nothing to start in {layout.Root}.", $"strongroom quickstart --dir {ShellEnvironment.Quote(layout.Root)}");
        }

        var status = await Screen.StepAsync("starting", () => new Readiness(layout).StartAsync(cancel), state => state.IsServing ? "every HSM serves" : "the supervisor runs; not every HSM serves").ConfigureAwait(false);
        StatusCommand.Show(status);

        // What waits for a person (sealed, not activated) was started as asked; only what fails is an error.
        return status.Hsms.Any(hsm => hsm.State is "down" or "failed") ? 1 : 0;
    }

    private static async Task<int> StopAsync(ParseResult parsed, CancellationToken cancel)
    {
        var layout = parsed.Layout();
        await Screen.StepAsync("stopping", () => new SupervisorControl(layout).StopAsync(cancel), stopped => stopped ? "stopped" : "nothing was running").ConfigureAwait(false);
        return 0;
    }

    private static async Task<int> LogsAsync(ParseResult parsed, CancellationToken cancel)
    {
        var layout = parsed.Layout();
        var only = parsed.GetValue(Hsm);
        var logs = DeploymentFile.Read(layout).Hsms
            .Where(hsm => only is null || hsm.Hsm == only)
            .Select(hsm => (Name: hsm.Hsm, Path: layout.HsmLog(HsmId.Parse(hsm.Hsm))))
            .Concat(only is null ? [(Name: "supervisor", Path: layout.SupervisorLog)] : [])
            .ToArray();
        if (logs.Length == 0)
        {
            throw new RefusalException($"There is no HSM {only} in {layout.Root}.");
        }

        foreach (var (name, path) in logs)
        {
            foreach (var line in LogTail.Read(path, parsed.GetValue(Lines)))
            {
                Screen.Line($"{name}  {line}");
            }
        }

        if (parsed.GetValue(Follow))
        {
            await Task.WhenAll(logs.Select(log => LogTail.FollowAsync(log.Path, line => Screen.Line($"{log.Name}  {line}"), cancel))).ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task<int> SuperviseAsync(ParseResult parsed, CancellationToken cancel)
    {
        var layout = parsed.Layout();
        Signals.LeaveTerminal();
        using var factory = LoggerFactory.Create(logging => logging.AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.UseUtcTimestamp = true;
            format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            format.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
        return await new Supervisor(layout, TimeProvider.System, factory.CreateLogger("supervisor")).RunAsync().ConfigureAwait(false) ? 0 : 1;
    }
}
