namespace Strongroom.Store.Heads;

/// <summary>How far a cluster's store has come: one more with every commit, whoever made it.</summary>
/// <param name="Epoch">Of the cluster key the head is sealed under.</param>
/// <param name="Sequence">Commits since the cluster's birth; goes on across epochs.</param>
public readonly record struct HeadPosition(ulong Epoch, ulong Sequence) : IComparable<HeadPosition>
{
    public int CompareTo(HeadPosition other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Sequence.CompareTo(other.Sequence);

    public static bool operator <(HeadPosition left, HeadPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(HeadPosition left, HeadPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(HeadPosition left, HeadPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(HeadPosition left, HeadPosition right) => left.CompareTo(right) >= 0;

    public override string ToString() => $"epoch {Epoch}, sequence {Sequence}";
}
