using System.Diagnostics.CodeAnalysis;

namespace Strongroom.Hsm;

/// <summary>The result of something that may be refused: fine, or the cause of the refusal.</summary>
public readonly struct Outcome : IEquatable<Outcome>
{
    private Outcome(Cause? cause) => Cause = cause;

    /// <summary>It was done.</summary>
    public static Outcome Ok => default;

    /// <summary>Why it was refused; null when it was not.</summary>
    public Cause? Cause { get; }

    /// <summary>Whether it was done.</summary>
    [MemberNotNullWhen(false, nameof(Cause))]
    public bool IsOk => Cause is null;

    /// <summary>What PKCS#11 answers.</summary>
    public Rv Rv => Cause?.Rv ?? Rv.Ok;

    public static implicit operator Outcome(Cause cause) => new(cause);

    public static Outcome FromCause(Cause cause) => new(cause);

    public static bool operator ==(Outcome left, Outcome right) => left.Equals(right);

    public static bool operator !=(Outcome left, Outcome right) => !left.Equals(right);

    public bool Equals(Outcome other) => Equals(Cause, other.Cause);

    public override bool Equals(object? obj) => obj is Outcome other && Equals(other);

    public override int GetHashCode() => Cause?.GetHashCode() ?? 0;

    public override string ToString() => IsOk ? "OK" : $"{Rv}: {Cause}";
}
