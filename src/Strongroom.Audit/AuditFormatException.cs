namespace Strongroom.Audit;

/// <summary>Bytes that are no record of the audit log; the message says which rule they break, never their content.</summary>
public sealed class AuditFormatException(string message) : Exception(message);
