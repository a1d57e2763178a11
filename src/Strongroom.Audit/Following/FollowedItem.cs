namespace Strongroom.Audit.Following;

/// <summary>What a log went on by: an event or a signed head; the other is null.</summary>
public readonly record struct FollowedItem(AuditEntry? Entry, AuditHead? Head);
