namespace Strongroom.Hsm;

/// <summary>A key as it left under another key.</summary>
/// <param name="Bytes">The wrapped key.</param>
/// <param name="Iv">The IV that the HSM drew, if it did.</param>
public sealed record WrappedKey(ReadOnlyMemory<byte> Bytes, DrawnIv Iv);
