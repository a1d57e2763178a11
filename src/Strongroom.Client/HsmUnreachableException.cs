namespace Strongroom.Client;

/// <summary>No answer came: the HSM was not reached, or the connection broke. Whether the request took effect is unknown if <see cref="MayHaveTakenEffect"/>.</summary>
public sealed class HsmUnreachableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public HsmUnreachableException(string message, bool mayHaveTakenEffect, Exception? innerException = null)
        : base(message, innerException) => MayHaveTakenEffect = mayHaveTakenEffect;

    /// <summary>True if the request had been sent when the connection broke.</summary>
    public bool MayHaveTakenEffect { get; }
}
