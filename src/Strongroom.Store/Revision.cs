namespace Strongroom.Store;

/// <summary>A store's own count of its commits. It only grows; a store may leave numbers out (etcd counts the commits of all its users).</summary>
public readonly record struct Revision(long Value) : IComparable<Revision>
{
    /// <summary>Before the first commit. As a compared revision it says that the path must not exist.</summary>
    public static Revision None => default;

    public int CompareTo(Revision other) => Value.CompareTo(other.Value);

    public static bool operator <(Revision left, Revision right) => left.Value < right.Value;

    public static bool operator >(Revision left, Revision right) => left.Value > right.Value;

    public static bool operator <=(Revision left, Revision right) => left.Value <= right.Value;

    public static bool operator >=(Revision left, Revision right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
