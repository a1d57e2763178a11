using Strongroom.Hsm.Quorum;

namespace Strongroom.Hsm.Users;

/// <summary>What somebody who gives a password shows, or need not show, beside it.</summary>
internal readonly struct SecondFactor
{
    private readonly Kind _kind;
    private readonly ReadOnlyMemory<byte> _challenge;
    private readonly ReadOnlyMemory<byte> _signature;

    private SecondFactor(Kind kind, ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> signature) => (_kind, _challenge, _signature) = (kind, challenge, signature);

    private enum Kind
    {
        NotShown,
        NotAsked,
        Signature,
    }

    /// <summary>Nothing: the password must be enough.</summary>
    public static SecondFactor NotShown => default;

    /// <summary>The user is logged in and shows the password again.</summary>
    public static SecondFactor NotAsked => new(Kind.NotAsked, default, default);

    /// <summary>A signature.</summary>
    /// <param name="challenge">Live, drawn for this user; empty if it was not.</param>
    /// <param name="signature">Over it.</param>
    public static SecondFactor Of(ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> signature) => new(Kind.Signature, challenge, signature);

    /// <summary>Why this user logs in another way; null: it does not.</summary>
    public Cause? Refusal(UserRecord user) => (_kind, user.MultiFactor) switch
    {
        (Kind.NotShown, true) => Causes.MfaNeeded,
        (Kind.Signature, false) => Causes.MfaOff,
        _ => null,
    };

    /// <summary>Whether what was shown is right.</summary>
    public bool Holds(UserRecord user) => _kind != Kind.Signature || SignerKey.Verify(user.TokenKey, _challenge.Span, _signature.Span);
}
