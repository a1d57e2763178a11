namespace Strongroom.Hsm;

/// <summary>How far a view of the cluster has come: the epoch of its head, and the sequence number within it.</summary>
public readonly record struct Position(ulong Epoch, ulong Sequence) : IComparable<Position>
{
    public int CompareTo(Position other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Sequence.CompareTo(other.Sequence);

    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;

    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;

    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;
}
