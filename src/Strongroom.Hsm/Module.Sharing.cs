using Strongroom.Audit;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm;

// Owners and those whom they let use their keys.
public sealed partial class Module
{
    /// <summary>Lets a crypto-user use a key of the caller's; by its owner.</summary>
    public async ValueTask<Outcome> ShareKeyAsync(Caller caller, ObjectHandle key, string user, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        return NoteShare(caller, who, AuditOperation.ShareKey, key, user, await _parts.Sharing.ShareAsync(caller, key, user, cancel).ConfigureAwait(false));
    }

    /// <summary>Takes the use of a key back; by its owner. The user's next request is refused, also in sessions that are open.</summary>
    public async ValueTask<Outcome> UnshareKeyAsync(Caller caller, ObjectHandle key, string user, CancellationToken cancel)
    {
        AuditSubject who = caller.Subject;
        return NoteShare(caller, who, AuditOperation.UnshareKey, key, user, await _parts.Sharing.UnshareAsync(caller, key, user, cancel).ConfigureAwait(false));
    }

    /// <summary>Whose a key is; for whoever sees it.</summary>
    public Outcome<KeyInfo> GetKeyInfo(Caller caller, ObjectHandle key) => _parts.Sharing.Describe(caller, key);

    /// <summary>C_GenerateKey: the key is its owner's alone and takes no approvals.</summary>
    public ValueTask<Outcome<ObjectHandle>> GenerateKeyAsync(Caller caller, SessionId session, CreationNumber creation, MechanismCall mechanism, RawAttribute[] template, CancellationToken cancel) =>
        GenerateKeyAsync(caller, session, creation, mechanism, template, KeyTerms.None, cancel);

    /// <summary>C_GenerateKeyPair: the private key is its owner's alone and takes no approvals.</summary>
    public ValueTask<Outcome<KeyPairHandles>> GenerateKeyPairAsync(Caller caller, SessionId session, CreationNumber creation, MechanismCall mechanism, RawAttribute[] publicTemplate,
        RawAttribute[] privateTemplate, CancellationToken cancel) => GenerateKeyPairAsync(caller, session, creation, mechanism, publicTemplate, privateTemplate, KeyTerms.None, cancel);

    /// <summary>C_UnwrapKey: the key is its owner's alone and takes no approvals.</summary>
    public ValueTask<Outcome<ObjectHandle>> UnwrapKeyAsync(Caller caller, SessionId session, CreationNumber creation, MechanismCall mechanism, ObjectHandle unwrappingKey,
        ReadOnlyMemory<byte> wrapped, RawAttribute[] template, CancellationToken cancel) => UnwrapKeyAsync(caller, session, creation, mechanism, unwrappingKey, wrapped, template, KeyTerms.None, cancel);

    private Outcome NoteShare(Caller caller, AuditSubject who, AuditOperation operation, ObjectHandle key, string user, Outcome done)
    {
        string? known = KnownUser(user, Role.CryptoUser);
        _journal.Management(caller, new AuditEvent { Operation = operation, Subject = who, Key = key, TargetUser = known, TargetRole = known is null ? Role.None : Role.CryptoUser, Result = done.Rv });
        return done;
    }
}
