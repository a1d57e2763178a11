using System.Formats.Cbor;

namespace Strongroom.Store.Heads;

/// <summary>
/// The summary of a store's whole content, itself a sealed record, replaced by every commit.
/// CBOR array: [format version = 1, epoch, sequence, previous head's hash (32 bytes), last commit's id (16 bytes), sum of the records' tags (32 bytes, little-endian), number of records].
/// </summary>
/// <param name="Sum">Of all live records but the head.</param>
/// <param name="Records">Of the same.</param>
public sealed record Head(HeadPosition Position, HeadHash Previous, CommitId Commit, ContentSum Sum, ulong Records)
{
    /// <summary>Its path in the store.</summary>
    public const string Path = "head";

    private const ulong Format = 1;

    /// <exception cref="FormatException">It has another form.</exception>
    public static Head Parse(ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            if (reader.ReadStartArray() != 7 || reader.ReadUInt64() != Format)
            {
                throw new FormatException("the head has a form that is not known to this program");
            }
            var position = new HeadPosition(reader.ReadUInt64(), reader.ReadUInt64());
            var previous = Exactly(reader, HeadHash.Length);
            var commit = Exactly(reader, CommitId.Length);
            var sum = Exactly(reader, ContentSum.Length);
            var records = reader.ReadUInt64();
            reader.ReadEndArray();
            return new(position, HeadHash.Read(previous.Span), CommitId.Read(commit.Span), ContentSum.Read(sum.Span), records);
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException)
        {
            throw new FormatException($"not a head ({broken.Message})", broken);
        }
    }

    public byte[] Encode()
    {
        Span<byte> bytes = stackalloc byte[32];
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteStartArray(7);
        cbor.WriteUInt64(Format);
        cbor.WriteUInt64(Position.Epoch);
        cbor.WriteUInt64(Position.Sequence);
        Previous.Write(bytes);
        cbor.WriteByteString(bytes);
        Commit.Write(bytes);
        cbor.WriteByteString(bytes[..CommitId.Length]);
        Sum.Write(bytes);
        cbor.WriteByteString(bytes);
        cbor.WriteUInt64(Records);
        cbor.WriteEndArray();
        return cbor.Encode();
    }

    private static ReadOnlyMemory<byte> Exactly(CborReader reader, int length)
    {
        var bytes = reader.ReadDefiniteLengthByteString();
        return bytes.Length == length ? bytes : throw new FormatException("a part of the head has another length");
    }
}
