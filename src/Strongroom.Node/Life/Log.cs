using Microsoft.Extensions.Logging;

namespace Strongroom.Node.Life;

/// <summary>Events 1000 to 1099: an HSM's life.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "{Hsm} starts, version {Version}, root of trust: {RootOfTrust}")]
    public static partial void Starting(ILogger logger, string hsm, string version, string rootOfTrust);

    [LoggerMessage(1001, LogLevel.Warning, "{Banner}")]
    public static partial void Banner(ILogger logger, string banner);

    [LoggerMessage(1002, LogLevel.Information, "{Hsm} is {State}")]
    public static partial void Reached(ILogger logger, string hsm, string state);

    [LoggerMessage(1003, LogLevel.Information, "sealed: waits for its passphrase (strongroom-hsm unseal --state {State})")]
    public static partial void Sealed(ILogger logger, string state);

    [LoggerMessage(1004, LogLevel.Warning, "a wrong passphrase was given, {Times} in a row")]
    public static partial void WrongPassphrase(ILogger logger, int times);

    [LoggerMessage(1005, LogLevel.Information, "cluster {Cluster} was born in {Mode} mode")]
    public static partial void Born(ILogger logger, string cluster, string mode);

    [LoggerMessage(1006, LogLevel.Information, "cluster {Cluster} was opened at epoch {Epoch}, sequence {Sequence}, in {Milliseconds} ms")]
    public static partial void Opened(ILogger logger, string cluster, ulong epoch, ulong sequence, long milliseconds);

    [LoggerMessage(1007, LogLevel.Information, "stops: {Cause}")]
    public static partial void Stopping(ILogger logger, string cause);

    [LoggerMessage(1010, LogLevel.Critical, "UNACCEPTED, serves nothing: {Cause} An admin may accept the store: strongroom store accept")]
    public static partial void Unaccepted(ILogger logger, string cause);

    [LoggerMessage(1011, LogLevel.Warning, "{Admin} accepted the store as it was at epoch {Epoch}, sequence {Sequence}; epoch {NewEpoch} has begun")]
    public static partial void Accepted(ILogger logger, string admin, ulong epoch, ulong sequence, ulong newEpoch);

    [LoggerMessage(1012, LogLevel.Warning, "an acceptance with a wrong name or password was refused, {Times} in a row")]
    public static partial void WrongAdmin(ILogger logger, int times);

    [LoggerMessage(1013, LogLevel.Information, "backed up to {Path}: {Records} records at epoch {Epoch}, sequence {Sequence}, read back and verified")]
    public static partial void BackedUp(ILogger logger, string path, ulong records, ulong epoch, ulong sequence);

    [LoggerMessage(1014, LogLevel.Warning, "restored from {Path}: {Records} records at epoch {Epoch}, sequence {Sequence}")]
    public static partial void Restored(ILogger logger, string path, ulong records, ulong epoch, ulong sequence);

    [LoggerMessage(1009, LogLevel.Warning, "{Text}")]
    public static partial void Audit(ILogger logger, string text);

    [LoggerMessage(1008, LogLevel.Critical, "FAILED, serves no longer: {Cause}")]
    public static partial void Failed(ILogger logger, string cause, Exception? exception);
}
