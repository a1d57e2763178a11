namespace Strongroom.Hsm.Audit;

/// <summary>
/// Who acts, and from where. Immutable; made once at attach and at each change of the login, so that an event names it without a copy: the log defines it once in each segment and then uses a number.
/// </summary>
/// <param name="user">Empty if nobody is logged in.</param>
/// <param name="role">None if nobody is logged in.</param>
/// <param name="instance">The instance's public key.</param>
/// <param name="address">The other end of the connection.</param>
public sealed class AuditSubject(string user, Role role, InstanceKey instance, string address)
{
    /// <summary>The HSM itself.</summary>
    public static AuditSubject Hsm { get; } = new("", Role.None, default, "");

    public string User { get; } = user;

    public Role Role { get; } = role;

    public string Address { get; } = address;

    internal ReadOnlySpan<byte> Instance => _instance;

    private readonly byte[] _instance = instance.ToArray();

    // The number under which a segment knows it. Written and read under the log's gate only; an HSM has one log, tests may have several one after the other.
    internal object? Segment { get; set; }

    internal uint Number { get; set; }
}
