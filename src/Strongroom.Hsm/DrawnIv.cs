namespace Strongroom.Hsm;

/// <summary>The IV that the HSM drew for an operation, to be written into the caller's parameter; absent when the caller's was used.</summary>
public readonly record struct DrawnIv(ReadOnlyMemory<byte>? Bytes)
{
    public static DrawnIv None => default;
}
