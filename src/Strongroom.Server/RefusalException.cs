namespace Strongroom.Server;

/// <summary>Something the user can mend: shown without a stack trace, exit code 1. The message says the cause, <paramref name="remedy"/> the command or step that helps.</summary>
public sealed class RefusalException(string message, string? remedy = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do about it; null if there is nothing to advise.</summary>
    public string? Remedy { get; } = remedy;
}
