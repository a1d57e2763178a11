using Microsoft.Extensions.Logging;

namespace Strongroom.Node.Forwarding;

/// <summary>Events 1300 to 1399: forwarding of the audit log.</summary>
internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning, "audit: {Receiver} does not take events: {Cause}; they stay in the log and are sent again")]
    public static partial void Refused(ILogger logger, string receiver, string cause);

    [LoggerMessage(1301, LogLevel.Information, "audit: {Receiver} takes events again, after {Attempts} attempts")]
    public static partial void TakesAgain(ILogger logger, string receiver, int attempts);

    [LoggerMessage(1302, LogLevel.Error, "audit: forwarding to {Receiver} stopped for a while: {Cause}")]
    public static partial void Unreadable(ILogger logger, string receiver, string cause);
}
