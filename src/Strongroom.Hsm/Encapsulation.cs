namespace Strongroom.Hsm;

/// <summary>A shared secret that was made for the holder of a private key.</summary>
/// <param name="Ciphertext">What the other side finds it from.</param>
/// <param name="Key">The secret, as a key here.</param>
public readonly record struct Encapsulation(ReadOnlyMemory<byte> Ciphertext, ObjectHandle Key);
