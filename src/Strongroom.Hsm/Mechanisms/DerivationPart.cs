namespace Strongroom.Hsm.Mechanisms;

/// <summary>One data parameter of an SP 800-108 derivation (CK_PRF_DATA_PARAM).</summary>
public readonly record struct DerivationPart(ulong Kind, ReadOnlyMemory<byte>? Value, bool LittleEndian, ulong WidthInBits, ulong Method);
