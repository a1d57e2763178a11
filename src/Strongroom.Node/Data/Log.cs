using Microsoft.Extensions.Logging;
using Strongroom.Wire;

namespace Strongroom.Node.Data;

/// <summary>Events 2000 to 2099: the data listener. Never a byte of a frame.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "serving applications on {Address}, certificate {Subject}, key SHA-256 {Key}")]
    public static partial void Listening(ILogger logger, string address, string subject, string key);

    [LoggerMessage(2001, LogLevel.Warning, "{Address}: connection closed: {Cause}")]
    public static partial void Malformed(ILogger logger, string address, string cause);

    [LoggerMessage(2002, LogLevel.Warning, "{Address}: turned away: {Cause}")]
    public static partial void TurnedAway(ILogger logger, string address, string cause);

    [LoggerMessage(2003, LogLevel.Debug, "{Address}: {Instance} attached as {Client}")]
    public static partial void Attached(ILogger logger, string address, string instance, string client);

    [LoggerMessage(2004, LogLevel.Debug, "{Address}: connection ended: {Cause}")]
    public static partial void Ended(ILogger logger, string address, string cause);

    [LoggerMessage(2005, LogLevel.Error, "{Address}: request {Id}, {Function}, failed inside the HSM")]
    public static partial void Failed(ILogger logger, string address, ulong id, Function function, Exception exception);

    [LoggerMessage(2006, LogLevel.Debug, "{Address}: TLS handshake failed: {Cause}")]
    public static partial void HandshakeFailed(ILogger logger, string address, string cause);
}
