namespace Strongroom.Audit.Records;

/// <summary>What a record of the log is. All take part in the chain; only events are numbered.</summary>
public enum RecordKind
{
    None = 0,
    Opening = 1,
    Subject = 2,
    Event = 3,
    Head = 4,
    Cut = 5,
    Recovery = 6,
    Closing = 7,
    Mark = 8,
}
