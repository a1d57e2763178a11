namespace Strongroom.Crypto;

/// <summary>How hard a password is to try.</summary>
public enum PasswordCost
{
    /// <summary>Passwords of users, tried online under a lockout and stored sealed: scrypt with 32 MiB.</summary>
    Login,

    /// <summary>Passphrases that unseal an HSM, which a thief of its state directory can try at will: scrypt with 128 MiB.</summary>
    RootOfTrust,
}
