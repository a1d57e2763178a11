namespace Strongroom.Audit.Records;

/// <summary>One record of the log, decoded.</summary>
public abstract record AuditRecord;

/// <summary>The first record of a segment: whose log it is, and what it goes on from.</summary>
/// <param name="Segment">Number of the segment, from 1.</param>
/// <param name="Reboot">How often this HSM's log has been opened.</param>
/// <param name="FirstSequence">Number of the next event.</param>
/// <param name="Before">The chain value that this segment goes on from.</param>
/// <param name="SignerSha256">SHA-256 of the SubjectPublicKeyInfo of the key that signs the heads.</param>
/// <param name="HostBoot">The host kernel's boot id, so that a restart of the process and one of the host can be told apart.</param>
public sealed record OpeningRecord(
    uint Version, uint Segment, uint Reboot, ulong FirstSequence, DateTimeOffset Time, AuditDigest Before, AuditDigest SignerSha256, Guid HostBoot, string Cluster, string Hsm) : AuditRecord;

/// <summary>Who, from where: defined once a segment and then named by number.</summary>
/// <param name="Role">0 if nobody was logged in; else admin 1, crypto-user 2, appliance user 3, admin before activation 4.</param>
/// <param name="Instance">The instance's Ed25519 public key; zero for the HSM itself.</param>
/// <param name="User">Empty if nobody was logged in.</param>
/// <param name="Address">The other end of the connection; empty for the HSM itself.</param>
public sealed record SubjectRecord(uint Number, int Role, AuditDigest Instance, string User, string Address) : AuditRecord;

/// <summary>Where a head is about to be signed, so that signing holds nobody up: events may lie between a mark and its head.</summary>
/// <param name="Sequence">The last event's number.</param>
/// <param name="Chain">The chain value before this record.</param>
public sealed record MarkRecord(ulong Sequence, DateTimeOffset Time, AuditDigest Chain) : AuditRecord;

/// <summary>The HSM's signature over everything before the last mark, whose fields it repeats.</summary>
/// <param name="Signature">Over <see cref="AuditHead.SignedBytes"/>.</param>
public sealed record HeadRecord(ulong Sequence, DateTimeOffset Time, AuditDigest Chain, ReadOnlyMemory<byte> Signature) : AuditRecord;

/// <summary>Older segments were removed on purpose; the next head signs for it.</summary>
/// <param name="Segment">The last segment that was removed.</param>
/// <param name="Through">The last event in it.</param>
/// <param name="Chain">The chain value at its end, from which the first segment left goes on.</param>
public sealed record CutRecord(uint Segment, ulong Through, AuditDigest Chain, DateTimeOffset Time, string Reason) : AuditRecord;

/// <summary>The HSM was not stopped cleanly; what it found when it started again.</summary>
/// <param name="Recovered">The last event that was found.</param>
/// <param name="Known">The last event that the cluster's store knew of; if it is larger than <paramref name="Recovered"/>, what lies between is lost.</param>
/// <param name="TornBytes">Bytes of unfinished records behind the last whole one, discarded.</param>
/// <param name="HostRestarted">Whether the host's kernel had restarted too: then up to a second before may be lost in the default mode.</param>
public sealed record RecoveryRecord(ulong Recovered, ulong Known, AuditDigest KnownChain, uint TornBytes, bool HostRestarted, DateTimeOffset Time) : AuditRecord;

/// <summary>The last record of a segment that was finished.</summary>
/// <param name="Stopped">True for a clean stop; false if the log goes on in the next segment at once.</param>
public sealed record ClosingRecord(bool Stopped, DateTimeOffset Time) : AuditRecord;
