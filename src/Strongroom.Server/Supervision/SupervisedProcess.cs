using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Strongroom.Server.Supervision;

/// <summary>
/// Keeps one program running until it is told to stop. The program's standard input is a pipe that we hold and never write to: when we die, however, it
/// is closed, and the program (started with --exit-with-parent) ends too.
/// </summary>
public sealed class SupervisedProcess(ChildProgram program, TimeProvider time, ILogger log)
{
    /// <summary>How long a program may take to end after SIGTERM before it is killed.</summary>
    public static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    // Readers of an ended program's pipes wait this long for the rest: a grandchild may hold them open.
    private static readonly TimeSpan LastWordsWithin = TimeSpan.FromSeconds(2);

    private readonly ChildLog _log = new(program.LogFile);
    private readonly BackOff _backOff = new();

    // Written by RunAsync alone; a report is replaced whole, so that readers of other threads see one moment.
    private volatile ChildReport _report = new(program.Name, ChildState.Waiting, 0, 0, "");

    public ChildReport Report => _report;

    /// <summary>Runs the program again and again until <paramref name="stop"/>; returns when it has ended.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            var cause = await RunOnceAsync(stop).ConfigureAwait(false);
            if (stop.IsCancellationRequested)
            {
                break;
            }

            var wait = _backOff.After(time.GetElapsedTime(began));
            _report = _report with { State = ChildState.Waiting, Pid = 0, Cause = cause };
            log.Ended(program.Name, cause, wait.TotalSeconds);
            await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _report = _report with { State = ChildState.Stopped, Pid = 0 };
        log.Stopped(program.Name);
    }

    // Returns how it ended.
    private async Task<string> RunOnceAsync(CancellationToken stop)
    {
        _log.Forget();
        using var process = new Process { StartInfo = StartInfo() };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return $"{program.File} can't be started: {error.Message}";
        }

        _report = _report with { State = ChildState.Running, Pid = process.Id, Starts = _report.Starts + 1 };
        log.Started(program.Name, process.Id);
        var pumps = Task.WhenAll(_log.PumpAsync(process.StandardOutput.BaseStream), _log.PumpAsync(process.StandardError.BaseStream));
        try
        {
            await process.WaitForExitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(process).ConfigureAwait(false);
        }

        await Task.WhenAny(pumps, Task.Delay(LastWordsWithin, time, CancellationToken.None)).ConfigureAwait(false);
        var how = process.ExitCode > 128 ? $"ended by signal {process.ExitCode - 128}" : $"ended with exit code {process.ExitCode}";
        return _log.LastLine is { Length: > 0 } line ? $"{how}; last line: {line}" : how;
    }

    private async Task StopAsync(Process process)
    {
        Signals.AskToEnd(process.Id);
        using var deadline = new CancellationTokenSource(StopWithin, time);
        try
        {
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            log.Killed(program.Name, process.Id, StopWithin.TotalSeconds);
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo(program.File, program.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (name, value) in program.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
