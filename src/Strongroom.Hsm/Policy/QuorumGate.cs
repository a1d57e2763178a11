using Strongroom.Crypto;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;

namespace Strongroom.Hsm.Policy;

/// <summary>
/// Where operations that take approvals are let through: an approved token of the very login that asks, for this service and this key, is taken; its signers are counted again as the users stand now.
/// </summary>
internal sealed class QuorumGate(ClusterState state, Logins logins, ApprovalTokens tokens)
{
    private const int MaxSignatures = 16;

    /// <summary>Whether a caller's role may do this, and if it takes approvals, whether they are there; they are then taken.</summary>
    public Outcome Admit(Caller caller, Permission permission, out Approval? approval)
    {
        approval = null;
        Login? login = logins.Current(caller);
        return Permissions.CheckRole(login, permission) is { IsOk: false } refusal ? refusal : Pass(caller, login, Permissions.ServiceOf(permission), null, judgeOnly: false, out approval);
    }

    /// <summary>Whether an operation on a key, permitted otherwise, has the approvals that the key takes; they are then taken.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="login">The caller's login.</param>
    /// <param name="service">What the operation counts as.</param>
    /// <param name="key">Null for the admins' services.</param>
    /// <param name="judgeOnly">The operation does not start yet: the approvals must be there, and stay.</param>
    /// <param name="approval">What was taken, which waits to be told how the operation ended; null if none was needed.</param>
    public Outcome Pass(Caller caller, Login? login, QuorumService service, HsmObject? key, bool judgeOnly, out Approval? approval)
    {
        approval = null;
        int required = Required(service, key);
        return required < 2 ? Outcome.Ok : TakeToken(caller, login, service, key, required, judgeOnly, out approval);
    }

    // Apart, since its closure would be an allocation in every use of a key.
    private Outcome TakeToken(Caller caller, Login? login, QuorumService service, HsmObject? key, int required, bool judgeOnly, out Approval? approval)
    {
        ObjectHandle handle = key?.Handle ?? ObjectHandle.None;
        return tokens.Take(caller, login, service, handle, token => CountGood(token, key) >= required, judgeOnly, out approval) ? Outcome.Ok : Causes.QuorumNeeded;
    }

    /// <summary>Generates a token for a service.</summary>
    /// <returns>What its approvers sign the SHA-256 of.</returns>
    public Outcome<ReadOnlyMemory<byte>> Generate(Caller caller, QuorumService service, HsmObject? key)
    {
        Login? login = logins.Current(caller);
        if (Permissions.Check(login, key is null ? Permission.GenerateAdminTokens : Permission.GenerateKeyTokens) is { IsOk: false } refusal)
        {
            return refusal.Cause;
        }

        if (Required(service, key) < 2)
        {
            return Causes.QuorumOff;
        }

        Outcome<ApprovalToken> token = tokens.Issue(caller, login!, service, key?.Handle ?? ObjectHandle.None, state.Quorum.GeneratedFor);
        return token.IsOk ? (ReadOnlyMemory<byte>)token.Value.ApprovalData : token.Cause;
    }

    /// <summary>Takes the approvals of a token. All signatures must hold, each of another user; the operation may then be done once.</summary>
    public Outcome<IReadOnlyList<string>> Approve(Caller caller, ReadOnlyMemory<byte> approvalData, IReadOnlyList<ApprovalSignature> signatures)
    {
        if (logins.Current(caller) is not { } login)
        {
            return Causes.NotLoggedIn;
        }

        if (tokens.Find(caller, login, approvalData.Span) is not { } token)
        {
            return Causes.QuorumTokenUnknown;
        }

        HsmObject? key = null;
        if (token.Key != ObjectHandle.None && !state.Objects.TryGet(token.Key, out key))
        {
            return Causes.KeyUnknown;
        }

        if (signatures.Count > MaxSignatures)
        {
            return Causes.ApprovalWrong;
        }

        byte[] value = new byte[SignerKey.ValueSize];
        Digest.Compute(DigestAlgorithm.Sha256, approvalData.Span, value);
        var signers = new Dictionary<UserId, UserRecord>();
        foreach (ApprovalSignature signature in signatures)
        {
            if (UserNames.Normalize(signature.User) is not { IsOk: true, Value: var name } || state.Users.Find(signature.Role, name) is not { } user || !MayApprove(user, key))
            {
                return Causes.ApproverWrong;
            }

            if (!SignerKey.Verify(user.TokenKey, value, signature.Signature.Span))
            {
                return Causes.ApprovalWrong;
            }

            signers[user.Id] = user;
        }

        bool isEnough = signers.Count >= Required(token.Service, key);
        tokens.Note(token, [.. signers.Values.Select(user => (user.Id, user.TokenKey))], isEnough, state.Quorum.ApprovedFor);
        return isEnough ? signers.Values.Select(user => user.Name).Order(StringComparer.Ordinal).ToArray() : Causes.TooFewApprovals;
    }

    /// <summary>Approvals that a service takes; 0 or 1: none.</summary>
    public int Required(QuorumService service, HsmObject? key) => service switch
    {
        QuorumService.None => 0,
        QuorumService.KeyUsage => key!.UseQuorum,
        QuorumService.KeyManagement => key!.ManageQuorum,
        _ => state.Quorum.Of(service),
    };

    // The admins approve the admins' services; a key's owner and those whom it is shared with approve what is done with the key.
    private static bool MayApprove(UserRecord user, HsmObject? key) => user.Approves && (key is null ? user.Role == Role.Admin : key.Owner == user.Id || key.SharedWith.Contains(user.Id));

    private int CountGood(ApprovalToken token, HsmObject? key) =>
        token.Signers.Count(signer => state.Users.Find(signer.User) is { } user && MayApprove(user, key) && user.TokenKey.Span.SequenceEqual(signer.Key.Span));
}
