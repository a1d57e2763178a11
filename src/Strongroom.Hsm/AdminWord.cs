namespace Strongroom.Hsm;

/// <summary>One admin's word, given without a login.</summary>
/// <param name="Name">As the admin typed it.</param>
/// <param name="Password">UTF-8.</param>
/// <param name="Signature">By the second factor; empty if there is none.</param>
public sealed record AdminWord(string Name, ReadOnlyMemory<byte> Password, ReadOnlyMemory<byte> Signature);
