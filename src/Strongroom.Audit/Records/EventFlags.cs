namespace Strongroom.Audit.Records;

// Which optional fields follow in an event, in this order.
[Flags]
internal enum EventFlags
{
    None = 0,
    Mechanism = 1,
    Key = 2,
    SecondKey = 4,
    Digest = 8,
    Target = 16,
    Detail = 32,
    All = 63,
}
