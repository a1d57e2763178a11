using Strongroom.Audit;

namespace Strongroom.Hsm.Audit;

/// <summary>One operation on its way into the log. Lives on the stack.</summary>
public ref struct AuditEvent
{
    public required AuditOperation Operation { get; init; }

    public required AuditSubject Subject { get; init; }

    public Rv Result { get; init; }

    public SessionId Session { get; init; }

    /// <summary>CK_MECHANISM_TYPE, if there is one.</summary>
    public ulong? Mechanism { get; init; }

    /// <summary>The key used, made or changed.</summary>
    public ObjectHandle Key { get; init; }

    /// <summary>The public key of a pair made, the key wrapped, the key derived from.</summary>
    public ObjectHandle SecondKey { get; init; }

    /// <summary>SHA-256 of what was signed or verified, or empty; see <see cref="AuditLog.DigestOf"/>.</summary>
    public ReadOnlySpan<byte> Digest { get; init; }

    /// <summary>The user that the operation is about. Never a name that was typed and does not exist: people type passwords there.</summary>
    public string? TargetUser { get; init; }

    public Role TargetRole { get; init; }

    /// <summary>What else there is to say. Never anything secret, never anything that a caller sent.</summary>
    public string? Detail { get; init; }
}
