namespace Strongroom.Hsm;

/// <summary>
/// One attribute of a template as the caller sent it, not yet judged: the value's bytes as PKCS#11 lays them out on a little-endian 64-bit machine
/// (CK_ULONG 8 bytes, CK_BBOOL 1 byte), or a nested template in their place.
/// </summary>
/// <param name="Type">Which attribute.</param>
/// <param name="Value">A leaf's bytes; empty when nested.</param>
/// <param name="Nested">The inner template of CKA_WRAP_TEMPLATE and its like; else null. Its members do not nest again.</param>
public readonly record struct RawAttribute(AttributeType Type, ReadOnlyMemory<byte> Value, RawAttribute[]? Nested = null);
