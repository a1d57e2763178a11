namespace Strongroom.Node.Start;

/// <summary>The process must not run as it was started; no restart mends that. The message is the one line that the user sees.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
