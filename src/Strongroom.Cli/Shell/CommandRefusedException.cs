namespace Strongroom.Cli.Shell;

/// <summary>The command can't be done, for a reason that its user can understand and mend. The message is what the envelope shows.</summary>
internal sealed class CommandRefusedException(string message, Exception? inner = null) : Exception(message, inner);
