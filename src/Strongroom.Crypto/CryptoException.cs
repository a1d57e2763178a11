namespace Strongroom.Crypto;

/// <summary>libcrypto or the operating system could not do what it must be able to do. Never thrown for a wrong signature, tag or padding: those are return values.</summary>
public class CryptoException(string message) : Exception(message);
