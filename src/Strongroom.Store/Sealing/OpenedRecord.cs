namespace Strongroom.Store.Sealing;

/// <summary>What a sealed record contained.</summary>
/// <param name="Content">An array of its own.</param>
/// <param name="Version">As it was sealed.</param>
/// <param name="Epoch">Under whose key.</param>
public readonly record struct OpenedRecord(byte[] Content, ulong Version, ulong Epoch);
