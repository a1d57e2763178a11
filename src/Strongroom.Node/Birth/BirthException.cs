namespace Strongroom.Node.Birth;

/// <summary>A step of an HSM's or a cluster's birth is refused: the certificates do not fit, or it is not the time. The message is for whoever runs the step.</summary>
public sealed class BirthException(string message) : Exception(message);
