namespace Strongroom.Wire;

/// <summary>What came over the wire is not the protocol. The connection that carried it is closed; the message is for the log.</summary>
public sealed class WireFormatException : Exception
{
    public WireFormatException()
    {
    }

    public WireFormatException(string message)
        : base(message)
    {
    }

    public WireFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
