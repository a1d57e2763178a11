namespace Strongroom.Hsm.Keys;

/// <summary>The two halves of a generated pair; each is the receiver's to dispose.</summary>
public readonly record struct KeyPair(KeyMaterial Public, KeyMaterial Private);
