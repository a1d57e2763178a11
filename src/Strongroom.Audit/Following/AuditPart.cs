namespace Strongroom.Audit.Following;

/// <summary>Some bytes of a segment, as they are on the disk.</summary>
/// <param name="Data">Empty at the end of what there is.</param>
/// <param name="IsFinished">Whether the segment will get no more.</param>
public readonly record struct AuditPart(ReadOnlyMemory<byte> Data, bool IsFinished);
