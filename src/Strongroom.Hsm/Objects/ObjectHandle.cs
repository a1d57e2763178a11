namespace Strongroom.Hsm;

/// <summary>
/// Names an object: 64 bits, the same in the whole cluster and for ever for token objects. Session objects carry bit 62 and live on one HSM (the highest bit stays clear: hosts in Java and Go keep handles in signed numbers).
/// 0 is never an object (CK_INVALID_HANDLE).
/// </summary>
public readonly record struct ObjectHandle(ulong Value) : IComparable<ObjectHandle>
{
    private const ulong SessionBit = 1UL << 62;

    /// <summary>No object.</summary>
    public static ObjectHandle None => default;

    /// <summary>Whether the object lives in one instance on one HSM only.</summary>
    public bool IsSession => (Value & SessionBit) != 0;

    /// <summary>The handle of an instance's n-th session object.</summary>
    public static ObjectHandle ForSession(ulong number) => new(number | SessionBit);

    public int CompareTo(ObjectHandle other) => Value.CompareTo(other.Value);

    public static bool operator <(ObjectHandle left, ObjectHandle right) => left.Value < right.Value;

    public static bool operator >(ObjectHandle left, ObjectHandle right) => left.Value > right.Value;

    public static bool operator <=(ObjectHandle left, ObjectHandle right) => left.Value <= right.Value;

    public static bool operator >=(ObjectHandle left, ObjectHandle right) => left.Value >= right.Value;

    public override string ToString() => $"0x{Value:x16}";
}
