using System.Formats.Cbor;

namespace Strongroom.Hsm.Mtls;

/// <summary>Whether clients must show a certificate, as stored: <c>[1, enforced]</c> under <c>mtls</c>. There is none until somebody sets it.</summary>
/// <param name="IsEnforced">They must.</param>
internal sealed record EnforcementRecord(bool IsEnforced)
{
    public const string Path = "mtls";

    private const int Format = 1;

    public byte[] Write()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(2);
        writer.WriteInt32(Format);
        writer.WriteBoolean(IsEnforced);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="FormatException">The record is not one of these.</exception>
    public static EnforcementRecord Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            return reader.ReadStartArray() == 2 && reader.ReadInt32() == Format
                ? new EnforcementRecord(reader.ReadBoolean())
                : throw new FormatException("The mTLS enforcement has a format that this version does not know.");
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException($"The mTLS enforcement can't be read: {broken.Message}", broken);
        }
    }
}
