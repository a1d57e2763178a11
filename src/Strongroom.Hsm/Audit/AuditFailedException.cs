namespace Strongroom.Hsm.Audit;

/// <summary>What was done can't be logged, so nobody may hear of it: the connection that waits for the reply must end without one.</summary>
public sealed class AuditFailedException(string message, Exception? inner = null) : Exception(message, inner);
