using System.Diagnostics;
using Strongroom.Server.Deployment;

namespace Strongroom.Server.Supervision;

/// <summary>Starts and stops the supervisor of a DIR from another process.</summary>
internal sealed class SupervisorControl(Layout layout)
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StopWithin = SupervisedProcess.StopWithin + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);

    /// <summary>Makes sure that a supervisor runs and has taken over strongroom.json. Harmless if one does already.</summary>
    /// <exception cref="RefusalException">It did not come up in 15 s; the message has the end of its log.</exception>
    public async Task<ChildReport[]> StartAsync(CancellationToken cancel)
    {
        var until = Environment.TickCount64 + (long)StartWithin.TotalMilliseconds;
        using var started = PidFile.Holder(layout) is null ? Launch() : null;
        while (Environment.TickCount64 < until)
        {
            if (await SupervisorSocket.AskAsync(layout, SupervisorVerb.Reload, cancel).ConfigureAwait(false) is { } report)
            {
                return report;
            }

            // One that ended because another was faster is no failure: then that other one answers.
            if (started is { HasExited: true } && PidFile.Holder(layout) is null)
            {
                break;
            }

            await Task.Delay(LookEvery, cancel).ConfigureAwait(false);
        }

        throw new RefusalException($"The supervisor of {layout.Root} did not start. The end of {layout.SupervisorLog}:\n{string.Join('\n', LogTail.Read(layout.SupervisorLog, 10))}");
    }

    /// <summary>Stops the supervisor and all that it runs. False if none ran.</summary>
    public async Task<bool> StopAsync(CancellationToken cancel)
    {
        if (PidFile.Holder(layout) is not { } pid)
        {
            return false;
        }

        var children = await SupervisorSocket.AskAsync(layout, SupervisorVerb.Report, cancel).ConfigureAwait(false) ?? [];
        Signals.AskToEnd(pid);
        if (!await GoneAsync(() => PidFile.Holder(layout) != pid, StopWithin, cancel).ConfigureAwait(false))
        {
            // Its HSMs end when their standard input closes.
            Signals.End(pid);
            await GoneAsync(() => PidFile.Holder(layout) != pid, StopWithin, cancel).ConfigureAwait(false);
        }

        if (!await GoneAsync(() => !children.Any(Lives), StopWithin, cancel).ConfigureAwait(false))
        {
            throw new RefusalException($"These processes still run: {string.Join(", ", children.Where(Lives).Select(child => $"{child.Name} ({child.Pid})"))}.");
        }

        return true;
    }

    private static bool Lives(ChildReport child)
    {
        // The command line guards against a process id that was given to someone else meanwhile.
        var commandLine = $"/proc/{child.Pid}/cmdline";
        try
        {
            return child.Pid > 0 && File.ReadAllText(commandLine).Contains(child.Name, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task<bool> GoneAsync(Func<bool> gone, TimeSpan within, CancellationToken cancel)
    {
        for (var until = Environment.TickCount64 + (long)within.TotalMilliseconds; !gone(); await Task.Delay(LookEvery, cancel).ConfigureAwait(false))
        {
            if (Environment.TickCount64 > until)
            {
                return false;
            }
        }

        return true;
    }

    // The .NET runtime duplicates its standard descriptors before any code of ours runs, and a shell may have left us others. A supervisor that kept one
    // would hold the pipe open of `strongroom up | less` for ever; so they are closed between fork and exec, by a shell.
    private Process Launch()
    {
        const string Script = """exec </dev/null >>"$1" 2>&1; for f in /proc/self/fd/*; do f=${f##*/}; [ "$f" -gt 2 ] && eval "exec $f>&-"; done; shift; exec "$0" "$@" """;
        return Process.Start(new ProcessStartInfo("bash", ["-c", "umask 077; " + Script, InstalledPrograms.Strongroom, layout.SupervisorLog, "supervise", "--dir", layout.Root]) { WorkingDirectory = "/" })
            ?? throw new RefusalException("The supervisor could not be started.");
    }
}
