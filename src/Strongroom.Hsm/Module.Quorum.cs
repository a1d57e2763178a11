using Strongroom.Audit;
using Strongroom.Crypto;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;

namespace Strongroom.Hsm;

// Approvals by several users (M of N).
public sealed partial class Module
{
    /// <summary>How many approvals the admins' services take, and for how long tokens are good; anyone may know.</summary>
    public QuorumSettings QuorumSettings => _state.Quorum;

    /// <summary>Generates a token, good in this login alone: one for each service of an admin, any number for keys.</summary>
    /// <param name="key">For the services of keys, the key; else None.</param>
    /// <returns>The approval data: its SHA-256 is the token, which approvers sign.</returns>
    public Outcome<ReadOnlyMemory<byte>> GenerateQuorumToken(Caller caller, QuorumService service, ObjectHandle key)
    {
        AuditSubject who = caller.Subject;
        Outcome<ReadOnlyMemory<byte>> done = service switch
        {
            QuorumService.KeyUsage or QuorumService.KeyManagement => _parts.Ring.Approvable(key, caller) is { IsOk: true } found ? _parts.Gate.Generate(caller, service, found.Value) : _parts.Ring.Approvable(key, caller).Cause!,
            QuorumService.User or QuorumService.Quorum or QuorumService.Cluster => _parts.Gate.Generate(caller, service, null),
            _ => Causes.QuorumServiceWrong,
        };
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.GetToken, Subject = who, Key = key, Detail = service.ToString(), Result = done.Rv });
        return done;
    }

    /// <summary>Shows the signatures of a token's approvers. When there are enough, the operation may be done once, in this login.</summary>
    public Outcome ApproveQuorumToken(Caller caller, ReadOnlyMemory<byte> approvalData, IReadOnlyList<ApprovalSignature> signatures)
    {
        AuditSubject who = caller.Subject;
        Outcome<IReadOnlyList<string>> done = _parts.Gate.Approve(caller, approvalData, signatures);
        string? by = done.IsOk ? "by " + string.Join(", ", done.Value) : null;
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.ApproveToken, Subject = who, Detail = by, Result = done.Rv });
        return done.WithoutValue();
    }

    /// <summary>All live tokens of this HSM.</summary>
    public Outcome<IReadOnlyList<QuorumTokenInfo>> ListQuorumTokens(Caller caller)
    {
        if (Permissions.Check(_parts.Logins.Current(caller), Permission.ListTokens) is { IsOk: false } refusal)
        {
            return refusal.Cause;
        }

        return _parts.Tokens.List().Select(one => new QuorumTokenInfo(
            one.Token.Login.Name, one.Token.Login.Role, one.Token.Service, one.Token.Key, RequiredFor(one.Token), one.Signers, one.Left)).ToArray();
    }

    /// <summary>Ends tokens; by an admin.</summary>
    /// <param name="all">Everybody's, not only the admin's own.</param>
    public Outcome DeleteQuorumTokens(Caller caller, bool all)
    {
        AuditSubject who = caller.Subject;
        Login? login = _parts.Logins.Current(caller);
        Outcome permitted = Permissions.Check(login, Permission.DeleteTokens);
        if (permitted.IsOk)
        {
            _parts.Tokens.Delete(all ? null : login!.User);
        }

        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.DeleteToken, Subject = who, Detail = all ? "all" : "own", Result = permitted.Rv });
        return permitted;
    }

    /// <summary>Sets how many approvals a service of the admins takes; 1: none.</summary>
    public async ValueTask<Outcome> SetQuorumValueAsync(Caller caller, QuorumService service, int value, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome permitted = _parts.Gate.Admit(caller, Permission.SetQuorumValues, out Approval? approval);
        Outcome done = permitted.IsOk ? await _parts.Quorum.SetValueAsync(service, value, cancel).ConfigureAwait(false) : permitted;
        approval?.End(done.Cause);
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.SetQuorum, Subject = who, Detail = done.IsOk ? $"{service} {value}" : null, Result = done.Rv });
        return done;
    }

    /// <summary>Sets how long tokens are good for; null: as it is.</summary>
    public async ValueTask<Outcome> SetQuorumTimeoutsAsync(Caller caller, TimeSpan? generated, TimeSpan? approved, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome permitted = _parts.Gate.Admit(caller, Permission.SetQuorumTimeouts, out Approval? approval);
        Outcome done = permitted.IsOk ? await _parts.Quorum.SetTimeoutsAsync(generated, approved, cancel).ConfigureAwait(false) : permitted;
        approval?.End(done.Cause);
        string? detail = done.IsOk ? $"token timeouts {_state.Quorum.GeneratedFor.TotalSeconds} s, {_state.Quorum.ApprovedFor.TotalSeconds} s" : null;
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.ChangeSetting, Subject = who, Detail = detail, Result = done.Rv });
        return done;
    }

    /// <summary>Begins the registration of a key for approvals.</summary>
    /// <returns>32 bytes, of which the user signs the SHA-256.</returns>
    public Outcome<ReadOnlyMemory<byte>> BeginQuorumRegistration(Caller caller)
    {
        Login? login = _parts.Logins.Current(caller);
        Outcome permitted = Permissions.Check(login, Permission.RegisterQuorumKey);
        return permitted.IsOk ? (ReadOnlyMemory<byte>)caller.Challenges.Draw(ChallengePurpose.QuorumKey, UserRecord.PathOf(login!.Role, login.Name), _options.BootClock.Now) : permitted.Cause;
    }

    /// <summary>Registers the caller's own key for approvals.</summary>
    /// <param name="key">SubjectPublicKeyInfo.</param>
    /// <param name="challenge">From <see cref="BeginQuorumRegistration"/>.</param>
    /// <param name="signature">Over its SHA-256, by the key.</param>
    public async ValueTask<Outcome> RegisterQuorumKeyAsync(Caller caller, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> signature, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        Outcome done = await RegisterAsync().ConfigureAwait(false);
        _journal.Management(caller, new AuditEvent { Operation = AuditOperation.RegisterApprovalKey, Subject = who, TargetUser = who.User, TargetRole = who.Role, Result = done.Rv });
        return done;

        async ValueTask<Outcome> RegisterAsync()
        {
            Login? login = _parts.Logins.Current(caller);
            if (Permissions.Check(login, Permission.RegisterQuorumKey) is { IsOk: false } refusal)
            {
                return refusal;
            }

            if (!SignerKey.IsOne(key))
            {
                return Causes.TokenKeyWrong;
            }

            byte[] value = new byte[SignerKey.ValueSize];
            Digest.Compute(DigestAlgorithm.Sha256, challenge.Span, value);
            bool isLive = caller.Challenges.Take(ChallengePurpose.QuorumKey, UserRecord.PathOf(login!.Role, login.Name), challenge.Span, _options.BootClock.Now);
            return isLive && SignerKey.Verify(key, value, signature.Span) ? await _parts.Accounts.RegisterQuorumKeyAsync(login, key, cancel).ConfigureAwait(false) : Causes.ChallengeWrong;
        }
    }

    private int RequiredFor(ApprovalToken token)
    {
        HsmObject? key = null;
        return token.Key != ObjectHandle.None && !_state.Objects.TryGet(token.Key, out key) ? 0 : _parts.Gate.Required(token.Service, key);
    }
}
