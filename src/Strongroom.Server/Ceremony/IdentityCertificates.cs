namespace Strongroom.Server.Ceremony;

/// <summary>An HSM's hardware identity under both roots, PEM: the same name and key twice.</summary>
public sealed record IdentityCertificates(string Owner, string Manufacturer);
