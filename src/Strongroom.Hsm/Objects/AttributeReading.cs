namespace Strongroom.Hsm;

/// <summary>One attribute as read. The others are never lost when one fails.</summary>
/// <param name="Type">Which attribute.</param>
/// <param name="Rv"><see cref="Rv.Ok"/>, <see cref="Rv.AttributeSensitive"/> or <see cref="Rv.AttributeTypeInvalid"/>.</param>
/// <param name="Value">A leaf's bytes in PKCS#11's layout, when it could be read.</param>
/// <param name="Nested">A template's members, when it is one and could be read.</param>
public readonly record struct AttributeReading(AttributeType Type, Rv Rv, ReadOnlyMemory<byte>? Value, RawAttribute[]? Nested)
{
    /// <summary>Whether the value is part of a key; whoever took it clears it.</summary>
    public bool IsSecret { get; init; }
}
