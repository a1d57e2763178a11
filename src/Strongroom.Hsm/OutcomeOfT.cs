using System.Diagnostics.CodeAnalysis;

namespace Strongroom.Hsm;

/// <summary>A value, or the cause why there is none.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly struct Outcome<T> : IEquatable<Outcome<T>>
{
    private readonly T _value;

    private Outcome(T value, Cause? cause)
    {
        _value = value;
        Cause = cause;
    }

    /// <summary>Why it was refused; null when there is a value.</summary>
    public Cause? Cause { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Cause))]
    public bool IsOk => Cause is null;

    /// <summary>What PKCS#11 answers.</summary>
    public Rv Rv => Cause?.Rv ?? Rv.Ok;

    /// <summary>The value. Asking for it after a refusal is a bug.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public T Value => Cause is null ? _value : throw new InvalidOperationException($"There is no value: {Cause}");

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Cause cause) => new(default!, cause);

    public static bool operator ==(Outcome<T> left, Outcome<T> right) => left.Equals(right);

    public static bool operator !=(Outcome<T> left, Outcome<T> right) => !left.Equals(right);

    /// <summary>The same refusal or success without the value.</summary>
    public Outcome WithoutValue() => Cause is null ? Outcome.Ok : Outcome.FromCause(Cause);

    public bool Equals(Outcome<T> other) => Equals(Cause, other.Cause) && EqualityComparer<T>.Default.Equals(_value, other._value);

    public override bool Equals(object? obj) => obj is Outcome<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Cause, _value);

    public override string ToString() => IsOk ? "OK" : $"{Rv}: {Cause}";
}
