using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Quorum;

/// <summary>One live token: what it is for, whose login asked for it, and who has approved it. Changed by <see cref="ApprovalTokens"/> under its lock.</summary>
internal sealed class ApprovalToken(Caller caller, Login login, QuorumService service, ObjectHandle key, byte[] approvalData, TimeSpan expires)
{
    public Caller Caller { get; } = caller;

    /// <summary>The very login, not one like it: a later login of the same user has tokens of its own.</summary>
    public Login Login { get; } = login;

    public QuorumService Service { get; } = service;

    /// <summary>None for the admins' services.</summary>
    public ObjectHandle Key { get; } = key;

    /// <summary>What its approvers sign the SHA-256 of.</summary>
    public byte[] ApprovalData { get; } = approvalData;

    /// <summary>By the boot clock.</summary>
    public TimeSpan Expires { get; set; } = expires;

    /// <summary>Users whose signatures held, with the keys that verified them.</summary>
    public IReadOnlyList<(UserId User, ReadOnlyMemory<byte> Key)> Signers { get; set; } = [];

    /// <summary>Whether there were as many as it takes.</summary>
    public bool IsApproved { get; set; }

    /// <summary>Operations that took it and were refused.</summary>
    public int Failures { get; set; }

    public bool IsFor(Caller caller, Login? login) => ReferenceEquals(Caller, caller) && ReferenceEquals(Login, login);
}
