using System.Formats.Cbor;

namespace Strongroom.Hsm.Quorum;

/// <summary>The quorum settings as stored: <c>[1, user, quorum, cluster, generated timeout (s), approved timeout (s)]</c> under <c>quorum</c>. There is none until somebody changes one.</summary>
internal static class QuorumRecord
{
    public const string Path = "quorum";

    private const int Format = 1;
    private const int Fields = 6;

    public static byte[] Write(QuorumSettings settings)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(Fields);
        writer.WriteInt32(Format);
        writer.WriteInt32(settings.User);
        writer.WriteInt32(settings.Quorum);
        writer.WriteInt32(settings.Cluster);
        writer.WriteInt32((int)settings.GeneratedFor.TotalSeconds);
        writer.WriteInt32((int)settings.ApprovedFor.TotalSeconds);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="FormatException">The record is not one of these.</exception>
    public static QuorumSettings Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            if (reader.ReadStartArray() != Fields || reader.ReadInt32() != Format)
            {
                throw new FormatException("The quorum settings have a format that this version does not know.");
            }

            return new QuorumSettings(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), TimeSpan.FromSeconds(reader.ReadInt32()), TimeSpan.FromSeconds(reader.ReadInt32()));
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException($"The quorum settings can't be read: {broken.Message}", broken);
        }
    }
}
