using Microsoft.Extensions.Logging;
using Strongroom.Wire;

namespace Strongroom.Node.Control;

/// <summary>Events 1100 to 1199: the control socket.</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "{Function} done")]
    public static partial void Done(ILogger logger, Function function);

    [LoggerMessage(1101, LogLevel.Warning, "{Function} refused: {Cause}")]
    public static partial void Refused(ILogger logger, Function function, string cause);

    [LoggerMessage(1102, LogLevel.Warning, "control connection closed: {Cause}")]
    public static partial void Closed(ILogger logger, string cause);

    [LoggerMessage(1103, LogLevel.Error, "{Function} failed inside the HSM")]
    public static partial void Failed(ILogger logger, Function function, Exception exception);
}
