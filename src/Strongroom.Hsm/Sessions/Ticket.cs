namespace Strongroom.Hsm;

/// <summary>A login to be shown again: sealed bytes that only this cluster reads, good for one instance.</summary>
/// <param name="Sealed">At most 512 bytes, opaque.</param>
/// <param name="Lifetime">How long it is good for.</param>
public sealed record Ticket(ReadOnlyMemory<byte> Sealed, TimeSpan Lifetime);
