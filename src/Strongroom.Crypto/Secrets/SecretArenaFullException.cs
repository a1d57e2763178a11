namespace Strongroom.Crypto;

/// <summary>The arena has no block of this size left. The caller refuses the one request (CKR_DEVICE_MEMORY); nothing is broken.</summary>
public sealed class SecretArenaFullException(int wanted, int used)
    : CryptoException($"The secret arena has no block of {wanted} bytes left; {used} of {SecretArena.Size} bytes are in use.");
