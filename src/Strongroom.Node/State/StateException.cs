namespace Strongroom.Node.State;

/// <summary>The state directory is not what this HSM left: something is missing, can't be opened, or can't be written. The message names the file.</summary>
public sealed class StateException : Exception
{
    public StateException(string message)
        : base(message)
    {
    }

    public StateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
