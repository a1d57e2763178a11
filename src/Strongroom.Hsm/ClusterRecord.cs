using System.Formats.Cbor;

namespace Strongroom.Hsm;

/// <summary>What a cluster is from its birth on: <c>[1, mode, born (Unix ms)]</c> under <c>cluster</c>.</summary>
internal sealed record ClusterRecord(ClusterMode Mode, DateTimeOffset Born)
{
    public const string Path = "cluster";

    private const int Format = 1;

    public byte[] Write()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(3);
        writer.WriteInt32(Format);
        writer.WriteInt32((int)Mode);
        writer.WriteInt64(Born.ToUnixTimeMilliseconds());
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="FormatException">The record is not one of these.</exception>
    public static ClusterRecord Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            if (reader.ReadStartArray() != 3 || reader.ReadInt32() != Format)
            {
                throw new FormatException("The cluster's record has a format that this version does not know.");
            }

            return new ClusterRecord((ClusterMode)reader.ReadInt32(), DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()));
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException($"The cluster's record can't be read: {broken.Message}", broken);
        }
    }
}
