using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;

namespace Strongroom.Server.Supervision;

/// <summary>Runs every HSM of a DIR until it is told to stop, or until DIR is gone.</summary>
internal sealed class Supervisor(Layout layout, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    // Taken by the socket's requests and by the start; guards the set of children. The children themselves are safe to read.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (SupervisedProcess Process, Task Run)> _children = [];

    /// <summary>Supervises until a signal comes. False if another supervisor has this DIR already.</summary>
    public async Task<bool> RunAsync()
    {
        using var pidFile = PidFile.TryTake(layout);
        if (pidFile is null)
        {
            return false;
        }

        using var stop = new CancellationTokenSource();
        var cause = "";
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            cause = context.Signal.ToString();
            stop.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);

        log.SupervisorStarted(Environment.ProcessId, layout.Root);
        Reload(stop.Token);
        using var socket = new SupervisorSocket(layout.SupervisorSocket, verb => Answer(verb, stop.Token), log);
        var serving = socket.ServeAsync(stop.Token);
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!pidFile.IsInPlace())
            {
                cause = $"{layout.Root} was removed";
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }

        log.SupervisorStops(cause);
        await Task.WhenAll([serving, .. Children().Select(child => child.Run)]).ConfigureAwait(false);
        return true;
    }

    private (SupervisedProcess Process, Task Run)[] Children()
    {
        lock (_lock)
        {
            return [.. _children.Values];
        }
    }

    private ChildReport[] Answer(SupervisorVerb verb, CancellationToken stop)
    {
        if (verb == SupervisorVerb.Reload)
        {
            Reload(stop);
        }

        return [.. Children().Select(child => child.Process.Report)];
    }

    // Starts what strongroom.json names and is not running yet.
    private void Reload(CancellationToken stop)
    {
        DeploymentRecord record;
        try
        {
            record = DeploymentFile.Read(layout);
        }
        catch (RefusalException refusal)
        {
            log.ReloadFailed(refusal.Message);
            return;
        }

        lock (_lock)
        {
            foreach (var hsm in record.Hsms.Where(hsm => !_children.ContainsKey(hsm.Hsm)))
            {
                var process = new SupervisedProcess(HsmLauncher.Program(layout, HsmId.Parse(hsm.Hsm)), time, log);
                _children.Add(hsm.Hsm, (process, Task.Run(() => process.RunAsync(stop), CancellationToken.None)));
            }
        }
    }
}
