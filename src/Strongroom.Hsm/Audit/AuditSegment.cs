namespace Strongroom.Hsm.Audit;

/// <summary>One file of an audit log, as a reader of the log needs to know it.</summary>
/// <param name="Number">From 1, without gaps but for those that a cut made.</param>
/// <param name="Bytes">Bytes that can be read now.</param>
/// <param name="IsCompressed">gzip (RFC 1952); only finished segments are, and any of them may become so.</param>
/// <param name="IsFinished">Nothing more will be written to it.</param>
/// <param name="FirstSequence">The number of its first event.</param>
/// <param name="Opened">When it was begun: no event in it is older.</param>
public sealed record AuditSegment(uint Number, long Bytes, bool IsCompressed, bool IsFinished, ulong FirstSequence, DateTimeOffset Opened);
