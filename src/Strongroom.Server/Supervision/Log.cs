using Microsoft.Extensions.Logging;

namespace Strongroom.Server.Supervision;

/// <summary>What the supervisor writes to supervisor.log; event ids 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "supervisor {Pid} of {Directory} started")]
    public static partial void SupervisorStarted(this ILogger log, int pid, string directory);

    [LoggerMessage(1001, LogLevel.Information, "supervisor stops: {Cause}")]
    public static partial void SupervisorStops(this ILogger log, string cause);

    [LoggerMessage(1002, LogLevel.Information, "{Name} started as process {Pid}")]
    public static partial void Started(this ILogger log, string name, int pid);

    [LoggerMessage(1003, LogLevel.Warning, "{Name} {Cause}; starting it again in {Seconds} s")]
    public static partial void Ended(this ILogger log, string name, string cause, double seconds);

    [LoggerMessage(1004, LogLevel.Information, "{Name} stopped")]
    public static partial void Stopped(this ILogger log, string name);

    [LoggerMessage(1005, LogLevel.Warning, "{Name} (process {Pid}) did not end within {Seconds} s of SIGTERM and is killed")]
    public static partial void Killed(this ILogger log, string name, int pid, double seconds);

    [LoggerMessage(1006, LogLevel.Warning, "a request on supervisor.sock failed: {Cause}")]
    public static partial void RequestFailed(this ILogger log, string cause);

    [LoggerMessage(1007, LogLevel.Error, "strongroom.json could not be taken over: {Cause}")]
    public static partial void ReloadFailed(this ILogger log, string cause);
}
