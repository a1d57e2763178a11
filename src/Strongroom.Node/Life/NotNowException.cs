namespace Strongroom.Node.Life;

/// <summary>What was asked belongs to another time of an HSM's life.</summary>
public sealed class NotNowException(string message) : Exception(message);
