using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Strongroom.Server.Supervision;

namespace Strongroom.Server.Tests.Supervision;

public sealed class SupervisedProcessTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly TemporaryDirectory _folder = new();
    private readonly CancellationTokenSource _stop = new();

    [Fact]
    public async Task A_program_that_was_killed_is_running_again_with_the_reason_in_its_report()
    {
        var (process, run) = Supervise("echo about to sleep; exec sleep 1000");
        var first = await WaitAsync(process, report => report.State == ChildState.Running);
        await WaitAsync(process, _ => Log().Contains("about to sleep", StringComparison.Ordinal));

        Process.GetProcessById(first.Pid).Kill();
        var second = await WaitAsync(process, report => report is { State: ChildState.Running, Starts: 2 });

        Assert.NotEqual(first.Pid, second.Pid);
        Assert.Equal("ended by signal 9; last line: about to sleep", second.Cause);
        await StopAsync(run);
    }

    [Fact]
    public async Task A_program_that_keeps_failing_is_started_again_after_ever_longer_waits()
    {
        var (process, run) = Supervise("echo no luck >&2; exit 7");

        var third = await WaitAsync(process, report => report is { State: ChildState.Waiting, Starts: 3 });

        Assert.Equal("ended with exit code 7; last line: no luck", third.Cause);
        Assert.Equal(["no luck", "no luck", "no luck"], Log().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await StopAsync(run);
    }

    [Fact]
    public async Task A_program_sees_the_environment_that_it_is_given_and_nothing_of_ours()
    {
        Environment.SetEnvironmentVariable("STRONGROOM_TEST_LEAK", "leaked");
        var (process, run) = Supervise("/usr/bin/env; exec sleep 1000");
        await WaitAsync(process, _ => Log().Contains("GIVEN", StringComparison.Ordinal));

        // What a shell sets by itself is no leak.
        Assert.Equal(["GIVEN=1"], Log().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Split('=')[0] is not ("PWD" or "SHLVL" or "_" or "OLDPWD")));
        await StopAsync(run);
    }

    [Fact]
    public async Task Stopping_ends_a_program_that_listens_to_SIGTERM_and_leaves_no_process()
    {
        var (process, run) = Supervise("exec sleep 1000");
        var running = await WaitAsync(process, report => report.State == ChildState.Running);

        await StopAsync(run);

        Assert.Equal(ChildState.Stopped, process.Report.State);
        Assert.False(Directory.Exists($"/proc/{running.Pid}"));
    }

    [Fact]
    public async Task Stopping_kills_a_program_that_ignores_SIGTERM_after_the_deadline()
    {
        var (process, run) = Supervise("trap '' TERM; echo deaf; while :; do sleep 0.2; done");
        var running = await WaitAsync(process, report => report.State == ChildState.Running);
        await WaitAsync(process, _ => Log().Contains("deaf", StringComparison.Ordinal));
        var began = Stopwatch.GetTimestamp();

        await StopAsync(run);

        Assert.InRange(Stopwatch.GetElapsedTime(began), SupervisedProcess.StopWithin, SupervisedProcess.StopWithin + Soon);
        Assert.False(Directory.Exists($"/proc/{running.Pid}"));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_reported_by_name()
    {
        var missing = _folder["missing"];
        var process = new SupervisedProcess(new ChildProgram("x", missing, [], new Dictionary<string, string>(), _folder["log"]), TimeProvider.System, NullLogger.Instance);
        var run = process.RunAsync(_stop.Token);

        var report = await WaitAsync(process, report => report.Cause.Length > 0);

        Assert.Contains(missing, report.Cause, StringComparison.Ordinal);
        await StopAsync(run);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    private (SupervisedProcess Process, Task Run) Supervise(string script)
    {
        var program = new ChildProgram("x", "/bin/sh", ["-c", script], new Dictionary<string, string> { ["GIVEN"] = "1" }, _folder["log"]);
        var process = new SupervisedProcess(program, TimeProvider.System, NullLogger.Instance);
        return (process, process.RunAsync(_stop.Token));
    }

    private string Log() => string.Join('\n', LogTail.Read(_folder["log"], 100));

    private async Task StopAsync(Task run)
    {
        await _stop.CancelAsync();
        await run.WaitAsync(SupervisedProcess.StopWithin + Soon);
    }

    private static async Task<ChildReport> WaitAsync(SupervisedProcess process, Func<ChildReport, bool> condition)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Soon; await Task.Delay(10, TestContext.Current.CancellationToken))
        {
            if (process.Report is var report && condition(report))
            {
                return report;
            }
        }

        throw new TimeoutException($"still {process.Report}");
    }
}
