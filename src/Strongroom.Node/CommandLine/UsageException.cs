namespace Strongroom.Node.CommandLine;

/// <summary>The command line is none of ours; the message says what is wrong with it.</summary>
public sealed class UsageException(string message) : Exception(message);
