using Strongroom.Audit.Records;

namespace Strongroom.Audit;

/// <summary>An event with what the records before it say about it: whose HSM, who, from where.</summary>
public sealed record AuditEntry(EventRecord Event, SubjectRecord Subject, OpeningRecord Log);
