namespace Strongroom.Audit.Records;

/// <summary>One operation, as the log keeps it: 35 bytes of fields and what else there is, 98 for a signature.</summary>
/// <param name="Sequence">Gapless in an HSM's log, from 1.</param>
/// <param name="Subject">Number of the <see cref="SubjectRecord"/>.</param>
/// <param name="Result">CK_RV.</param>
/// <param name="Mechanism">CK_MECHANISM_TYPE; numbers over 32 bits (there are none in the standard) are kept as 0xFFFFFFFF.</param>
/// <param name="Key">The key used, made or changed.</param>
/// <param name="SecondKey">The public key of a pair made, the key wrapped, the key derived from; a key that comes of two has an event for each.</param>
/// <param name="Digest">SHA-256 of what was signed or verified: of the bytes given to the HSM.</param>
/// <param name="Target">The user concerned, where that is not who acts: who was created, who tried to log in.</param>
/// <param name="Detail">What else there is to say; never anything that a caller typed where a secret belongs.</param>
public sealed record EventRecord(
    ulong Sequence, DateTimeOffset Time, AuditOperation Operation, uint Subject, uint Result, ulong Session, uint? Mechanism, ulong? Key, ulong? SecondKey, AuditDigest? Digest, TargetUser? Target,
    string Detail)
    : AuditRecord;

/// <summary>A user that an operation is about.</summary>
/// <param name="Role">As in <see cref="SubjectRecord"/>.</param>
public sealed record TargetUser(int Role, string Name);
