namespace Strongroom.Hsm;

/// <summary>Every refusal of the module on one screen; those of a single mechanism's parameter stand with the mechanisms. A text never depends on a secret, and says nothing about why a decryption failed.</summary>
public static class Causes
{
    // Templates and attributes.
    public static readonly Cause TemplateTooLong = new(Rv.TemplateInconsistent, "the template has more than 128 attributes, or more than 128 KiB");
    public static readonly Cause AttributeUnknown = new(Rv.AttributeTypeInvalid, "this HSM has no such attribute");
    public static readonly Cause AttributeTwice = new(Rv.TemplateInconsistent, "the attribute is given twice");
    public static readonly Cause AttributeValue = new(Rv.AttributeValueInvalid, "the attribute's value has the wrong length or form");
    public static readonly Cause AttributeMissing = new(Rv.TemplateIncomplete, "the attribute is required here");
    public static readonly Cause AttributeNotOfKind = new(Rv.TemplateInconsistent, "the attribute does not go with this kind of object and this way of making it");
    public static readonly Cause AttributeReadOnly = new(Rv.AttributeReadOnly, "the attribute can't be set by this caller, to this value, now");
    public static readonly Cause AttributeContradictsKey = new(Rv.AttributeValueInvalid, "the attribute contradicts the object's own bytes");
    public static readonly Cause KindUnknown = new(Rv.AttributeValueInvalid, "this HSM has no objects of this class and key type");
    public static readonly Cause CertificateNowhere = new(Rv.TemplateIncomplete, "a certificate has a value, or a URL with the hashes of its subject's and its issuer's public keys");
    public static readonly Cause MechanismMakesOtherKind = new(Rv.TemplateInconsistent, "the mechanism makes keys of another class or type");
    public static readonly Cause TemplateOfKeyViolated = new(Rv.TemplateInconsistent, "the template contradicts the one that the other key prescribes");
    public static readonly Cause NotModifiable = new(Rv.ActionProhibited, "the object's CKA_MODIFIABLE is false");
    public static readonly Cause NotCopyable = new(Rv.ActionProhibited, "the object's CKA_COPYABLE is false");
    public static readonly Cause NotDestroyable = new(Rv.ActionProhibited, "the object's CKA_DESTROYABLE is false");
    public static readonly Cause Secret = new(Rv.AttributeSensitive, "the key is sensitive or can't be extracted");

    public static readonly Cause QueryMalformed = new(Rv.ArgumentsBad, "the search is no program of at most 256 steps that leaves one answer");

    // Objects and keys.
    public static readonly Cause ObjectUnknown = new(Rv.ObjectHandleInvalid, "there is no such object, or it is not this user's to see");
    public static readonly Cause KeyUnknown = new(Rv.KeyHandleInvalid, "there is no such key, or it is not this user's to see");
    public static readonly Cause WrappingKeyUnknown = new(Rv.WrappingKeyHandleInvalid, "there is no such wrapping key, or it is not this user's to see");
    public static readonly Cause UnwrappingKeyUnknown = new(Rv.UnwrappingKeyHandleInvalid, "there is no such unwrapping key, or it is not this user's to see");
    public static readonly Cause NotAKey = new(Rv.KeyHandleInvalid, "the object is no key");
    public static readonly Cause NotOwner = new(Rv.ActionProhibited, "only the object's owner may do this");
    public static readonly Cause OwnerOnlyUse = new(Rv.KeyFunctionNotPermitted, "only the key's owner may use it in this way");
    public static readonly Cause KeyMayNot = new(Rv.KeyFunctionNotPermitted, "the key's usage attribute for this operation is false");
    public static readonly Cause KeyNotForMechanism = new(Rv.MechanismInvalid, "the key's CKA_ALLOWED_MECHANISMS does not name this mechanism");
    public static readonly Cause Unextractable = new(Rv.KeyUnextractable, "the key's CKA_EXTRACTABLE is false");
    public static readonly Cause WrapsUnderTrustedOnly = new(Rv.KeyNotWrappable, "the key leaves under trusted keys only, and the wrapping key's CKA_TRUSTED is false");
    public static readonly Cause WrapTemplateRefuses = new(Rv.KeyHandleInvalid, "the wrapping key's CKA_WRAP_TEMPLATE does not let this key out");
    public static readonly Cause PublicNotWrapped = new(Rv.KeyNotWrappable, "public keys are not wrapped");
    public static readonly Cause SessionKeyNotShared = new(Rv.ActionProhibited, "a session key is its session's own and can't be shared");
    public static readonly Cause ShareUserUnknown = new(Rv.ArgumentsBad, "there is no crypto-user of this name to share the key with");
    public static readonly Cause SharedWithOwner = new(Rv.ArgumentsBad, "the key is this user's own");
    public static readonly Cause AlreadyShared = new(Rv.ArgumentsBad, "the key is shared with this user already");
    public static readonly Cause NotShared = new(Rv.ArgumentsBad, "the key is not shared with this user");
    public static readonly Cause QuorumValue = new(Rv.ArgumentsBad, "a key takes no approvals, or 2 to 8 and no more than it has users, its owner counted");
    public static readonly Cause TooManyShares = new(Rv.DeviceMemory, "the key is shared with as many users as it may be");
    public static readonly Cause TooManyObjects = new(Rv.DeviceMemory, "the instance holds as many session objects as it may");

    // Mechanisms and operations.
    public static readonly Cause MechanismUnknown = new(Rv.MechanismInvalid, "this HSM has no such mechanism for this operation");
    public static readonly Cause Pkcs1Off = new(Rv.MechanismInvalid, "an admin has switched decryption by RSA PKCS#1 v1.5 off in this cluster (cloudhsm-cli cluster setting)");
    public static readonly Cause TooManyFailures = new(Rv.FunctionFailed, "too many decryptions by RSA PKCS#1 v1.5 failed for this user: the HSM does none for a while");
    public static readonly Cause OperationOpen = new(Rv.OperationActive, "an operation of this kind is already open in the session");
    public static readonly Cause NoOperation = new(Rv.OperationNotInitialized, "no operation of this kind is open in the session");
    public static readonly Cause TooManyOperations = new(Rv.DeviceMemory, "the instance has as many operations open as it may");
    public static readonly Cause UseUnknown = new(Rv.ArgumentsBad, "there is no such use of a key");
    public static readonly Cause KeyNotDigestible = new(Rv.KeyIndigestible, "only secret keys can be digested");
    public static readonly Cause CiphertextLost = new(Rv.FunctionFailed, "the key was made, but the reply with its ciphertext was lost and this HSM no longer has it: destroy the key and encapsulate again");
    public static readonly Cause TooLong = new(Rv.ArgumentsBad, "more bytes were asked for than one request may carry");

    // Sessions and logins.
    public static readonly Cause SessionUnknown = new(Rv.SessionHandleInvalid, "the session id is not valid");
    public static readonly Cause TooManySessions = new(Rv.SessionCount, "the instance has as many sessions open as it may");
    public static readonly Cause SessionReadOnly = new(Rv.SessionReadOnly, "a read-only session can't change token objects");
    public static readonly Cause ReadOnlySessionsOpen = new(Rv.SessionReadOnlyExists, "an admin can't log in while read-only sessions are open");
    public static readonly Cause AdminLoggedIn = new(Rv.SessionReadWriteSoExists, "an admin is logged in, so no read-only session can be opened");
    public static readonly Cause TooManyInstances = new(Rv.SessionCount, "the HSM serves as many instances as it may");
    public static readonly Cause BadInstanceProof = new(Rv.GeneralError, "the connection's signature does not prove its instance's key");
    public static readonly Cause NotLoggedIn = new(Rv.UserNotLoggedIn, "nobody is logged in in this instance");
    public static readonly Cause RoleMayNot = new(Rv.UserNotLoggedIn, "the user's role does not permit this");
    public static readonly Cause AlreadyLoggedIn = new(Rv.UserAlreadyLoggedIn, "the user is logged in already");
    public static readonly Cause OtherLoggedIn = new(Rv.UserAnotherAlreadyLoggedIn, "another user is logged in in this instance");
    public static readonly Cause UserTypeWrong = new(Rv.UserTypeInvalid, "there is no such user type");
    public static readonly Cause NeedsContextLogin = new(Rv.UserNotLoggedIn, "the key asks for a context-specific login before each operation (CKA_ALWAYS_AUTHENTICATE)");
    public static readonly Cause LoginEnded = new(Rv.UserNotLoggedIn, "the user's password was changed or the user deleted, which ended the login");
    public static readonly Cause TicketBroken = new(Rv.UserNotLoggedIn, "the ticket is not this cluster's, or not this instance's");
    public static readonly Cause TicketExpired = new(Rv.UserNotLoggedIn, "the ticket has expired");
    public static readonly Cause LoginTooOld = new(Rv.PinExpired, "the password was given more than 24 hours ago");

    // Users.
    public static readonly Cause PinForm = new(Rv.PinIncorrect, "the PIN is not of the form user:password");
    public static readonly Cause NewPinForm = new(Rv.PinInvalid, "a new PIN is of the form user:password: it names the crypto-user that it is for");
    public static readonly Cause PinWrong = new(Rv.PinIncorrect, "the user name or the password is wrong");
    public static readonly Cause UserLocked = new(Rv.PinLocked, "the user is locked after five wrong passwords; an admin unlocks it by changing its password");
    public static readonly Cause UserDelayed = new(Rv.PinLocked, "the last unlocked admin gave five wrong passwords or more and must wait");
    public static readonly Cause UserNameInvalid = new(Rv.ArgumentsBad, "a user name has 1 to 31 of A-Z, a-z, 0-9 and _");
    public static readonly Cause PasswordLength = new(Rv.PinLenRange, "a password has 8 to 32 bytes");
    public static readonly Cause PasswordColon = new(Rv.PinInvalid, "a password has no colon");
    public static readonly Cause RoleNotCreated = new(Rv.ArgumentsBad, "only admins and crypto-users are created");
    public static readonly Cause UserExists = new(Rv.ArgumentsBad, "there is already a user of this name and role");
    public static readonly Cause UserUnknown = new(Rv.ArgumentsBad, "there is no user of this name and role");
    public static readonly Cause UserOwnsKeys = new(Rv.ActionProhibited, "the user owns keys; delete them first");
    public static readonly Cause LastAdmin = new(Rv.ActionProhibited, "the last admin can't be deleted");
    public static readonly Cause TooManyUsers = new(Rv.DeviceMemory, "the cluster has as many users as it may");
    public static readonly Cause AlreadyActive = new(Rv.ActionProhibited, "the cluster is already active");
    public static readonly Cause NotActive = new(Rv.UserPinNotInitialized, "the cluster is not active: its first admin has not set a password yet");
    public static readonly Cause CodeWrong = new(Rv.PinIncorrect, "the one-time code is wrong");

    // Approvals. The first words are those of CloudHSM's own answers, which scripts compare.
    public static readonly Cause QuorumNeeded = new(Rv.FunctionRejected, "Quorum approval is required for this operation: it takes an approved token of this very login (cloudhsm-cli, quorum token-sign generate); through a library it can't be given");
    public static readonly Cause QuorumTokenUnknown = new(Rv.FunctionRejected, "Quorum Failed: the token is none of this login: it expired, was used, or is another login's");
    public static readonly Cause ApproverWrong = new(Rv.FunctionRejected, "Quorum Failed: a signer is no user who may approve this and has registered a key");
    public static readonly Cause ApprovalWrong = new(Rv.FunctionRejected, "Quorum Failed: a signature is not its signer's, or not of this token");
    public static readonly Cause TooFewApprovals = new(Rv.FunctionRejected, "Quorum Failed: too few different users have signed");
    public static readonly Cause QuorumOff = new(Rv.ArgumentsBad, "the service, or the key, takes no approvals, so there is no token for it");
    public static readonly Cause QuorumTokenThere = new(Rv.ActionProhibited, "the user has a live token for this service; use it, delete it or let it expire");
    public static readonly Cause TooManyQuorumTokens = new(Rv.DeviceMemory, "the HSM holds as many live tokens as it may");
    public static readonly Cause QuorumServiceWrong = new(Rv.ArgumentsBad, "there is no such service of the admins");
    public static readonly Cause QuorumServiceValue = new(Rv.ArgumentsBad, "a service takes 1 to 8 approvals; 1 means none");
    public static readonly Cause QuorumAboveItsGuard = new(Rv.ActionProhibited, "no service may take more approvals than 'quorum', which guards these numbers: raise that one first, and lower it last");
    public static readonly Cause TooFewApprovers = new(Rv.ActionProhibited, "fewer admins than that have registered a key for approvals");
    public static readonly Cause ApproverNeeded = new(Rv.ActionProhibited, "without this admin's approval a quorum could no longer be met");
    public static readonly Cause QuorumNeedsUser = new(Rv.ActionProhibited, "without this user a key's quorum could no longer be met");
    public static readonly Cause QuorumTimeout = new(Rv.ArgumentsBad, "a token is good for 1 to 86400 seconds");
    public static readonly Cause QuorumKeyNotCopied = new(Rv.ActionProhibited, "a key that takes approvals is not copied");
    public static readonly Cause TokenKeyWrong = new(Rv.ArgumentsBad, "the public key is none of RSA 2048 to 4096, P-256 or Ed25519 in PEM (SubjectPublicKeyInfo)");
    public static readonly Cause ChallengeWrong = new(Rv.FunctionRejected, "the signature is not the public key's, or its challenge has expired, was answered already, or is another login's");
    public static readonly Cause MfaNeeded = new(Rv.FunctionFailed, "the user logs in with a signature beside the password (multi-factor), which a library can't give: cloudhsm-cli login … mfa-token-sign");
    public static readonly Cause NoSuchAdmin = new(Rv.PinIncorrect, "the store has no unlocked admin of this name, password and second factor");
    public static readonly Cause MfaOff = new(Rv.FunctionFailed, "the user logs in by password alone: log in without mfa-token-sign");
    public static readonly Cause TokenKeyDiffers = new(Rv.ActionProhibited, "one key serves multi-factor login and approvals, and another one is registered; change both with user change-mfa and --change-quorum");

    // Clients' certificates.
    public static readonly Cause AnchorThere = new(Rv.ArgumentsBad, "this trust anchor is registered already");
    public static readonly Cause AnchorUnknown = new(Rv.ArgumentsBad, "there is no trust anchor of this reference");
    public static readonly Cause TooManyAnchors = new(Rv.DeviceMemory, "the cluster has two trust anchors, as many as it may; deregister one first");
    public static readonly Cause LastAnchor = new(Rv.ActionProhibited, "clients must show a certificate under this trust anchor, the only one: without it nobody could connect. Register another, or set the enforcement to none");
    public static readonly Cause MtlsByAdminOnly = new(Rv.ActionProhibited, "only the user named admin sets the enforcement of mTLS");
    public static readonly Cause MtlsOverMtlsOnly = new(Rv.ActionProhibited, "the enforcement of mTLS is set over a connection that has shown a certificate under a registered trust anchor");

    // The audit log.
    public static readonly Cause AuditFull = new(Rv.DeviceMemory, "the audit log has no room, and no key is used unlogged; give it more room or export and remove what is old (docs/audit.md)");

    public static readonly Cause AuditNone = new(Rv.FunctionNotSupported, "this HSM keeps no audit log");
    public static readonly Cause AuditSegmentGone = new(Rv.ObjectHandleInvalid, "the audit log has no such segment, or has it in another form by now; list the segments again");

    // The store.
    public static readonly Cause StoreFull = new(Rv.DeviceMemory, "the store has no room; nothing was changed");
    public static readonly Cause StoreBusy = new(Rv.DeviceError, "the store does not keep up with its changes; nothing was changed");
    public static readonly Cause CommitUnknown = new(Rv.DeviceError, "the store did not tell whether the change was made; ask again");
}
