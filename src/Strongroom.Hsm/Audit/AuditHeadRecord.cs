using System.Formats.Cbor;
using Strongroom.Audit;

namespace Strongroom.Hsm.Audit;

/// <summary>The newest head of an HSM's audit log as the cluster keeps it: <c>[1, cluster, HSM, reboot, sequence, time (µs), chain, signature]</c> under <c>audit/HSM</c>.</summary>
internal static class AuditHeadRecord
{
    public const string Prefix = "audit/";

    private const int Format = 1;
    private const int Fields = 8;

    public static string PathOf(string hsm) => Prefix + hsm;

    public static byte[] Write(AuditHead head)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(Fields);
        writer.WriteInt32(Format);
        writer.WriteTextString(head.Cluster);
        writer.WriteTextString(head.Hsm);
        writer.WriteUInt32(head.Reboot);
        writer.WriteUInt64(head.Sequence);
        writer.WriteInt64(AuditTime.ToMicroseconds(head.Time));
        writer.WriteByteString(head.Chain.ToArray());
        writer.WriteByteString(head.Signature.Span);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="FormatException">The record is not one of these.</exception>
    public static AuditHead Read(string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            if (reader.ReadStartArray() != Fields || reader.ReadInt32() != Format)
            {
                throw new FormatException($"{path} has a format that this version does not know.");
            }

            var head = new AuditHead(
                reader.ReadTextString(), reader.ReadTextString(), reader.ReadUInt32(), reader.ReadUInt64(), default, AuditTime.FromMicroseconds(reader.ReadInt64()), default);
            return head with { Chain = AuditDigest.From(reader.ReadByteString()), Signature = reader.ReadByteString() };
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException($"{path} can't be read: {broken.Message}", broken);
        }
    }
}
