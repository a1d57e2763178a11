using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Strongroom.Node.Control;
using Strongroom.Node.Life;
using Strongroom.Node.Start;
using Strongroom.Node.State;
using Log = Strongroom.Node.Life.Log;

namespace Strongroom.Node.CommandLine;

/// <summary>strongroom-hsm run: serves until it is told to stop, its parent is gone, or its world is broken.</summary>
internal static class RunCommand
{
    private const int FailedExitCode = 3;

    // A failed HSM answers on its control socket for a while, so that whoever asks for its status learns the cause.
    private static readonly TimeSpan FailedLingers = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        ClosedStart.Require();
        FreedMemory.Overwrite();
        using var loggers = LoggerFactory.Create(Configure);
        var logger = loggers.CreateLogger("Strongroom.Life");
        using var state = StateDirectory.Open(Path.GetFullPath(arguments["--state"]));
        using var stop = new CancellationTokenSource();
        var stopCause = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, "SIGTERM"));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, "SIGINT"));
        if (arguments.Has("--exit-with-parent"))
        {
            _ = Task.Run(() => WatchParent(cause => stopCause.TrySetResult(cause)));
        }

        var life = new HsmLife(state, loggers, TimeProvider.System);
        await using (life.ConfigureAwait(false))
        {
            var control = ControlListener.Start(state.ControlSocket, life, loggers.CreateLogger("Strongroom.Control"));
            await using (control.ConfigureAwait(false))
            {
                try
                {
                    await life.StartAsync(stop.Token).ConfigureAwait(false);
                }
                catch (NotNowException)
                {
                    // It failed; its life holds the cause, and has logged it.
                }

                if (await Task.WhenAny(stopCause.Task, life.Failed).ConfigureAwait(false) == life.Failed)
                {
                    await Task.WhenAny(stopCause.Task, Task.Delay(FailedLingers)).ConfigureAwait(false);
                    return FailedExitCode;
                }

                Log.Stopping(logger, await stopCause.Task.ConfigureAwait(false));
            }
        }

        return 0;

        void Stop(PosixSignalContext signal, string cause)
        {
            signal.Cancel = true; // we stop by ourselves, after what is under way has been answered
            stopCause.TrySetResult(cause);
        }
    }

    // The supervisor holds the other end of standard input; the kernel closes it however the supervisor ends.
    private static void WatchParent(Action<string> gone)
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
        }

        gone("the parent process is gone");
    }

    // One line an event on standard error; the supervisor keeps it in hsm.log and bounds its size.
    private static void Configure(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
