namespace Strongroom.Client;

/// <summary>Something answered, but it did not prove to be the cluster: another CA, another key, an expired certificate. Nothing was sent to it.</summary>
public sealed class HsmNotTrustedException(string message, Exception? innerException = null) : Exception(message, innerException);
