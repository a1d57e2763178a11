using System.Buffers.Binary;
using System.Formats.Cbor;
using Strongroom.Store.Heads;
using Strongroom.Store.Sealing;

namespace Strongroom.Store.Anchors;

/// <summary>
/// One of an anchor file's two places: length (2 bytes, big-endian), the sealed CBOR array [format version = 1, HSM, count of writes, epoch, sequence, head's hash (32 bytes)], zeros.
/// What is sealed fits in one sector of 512 bytes, which disks write whole or not at all: so a place that can't be read was damaged, not cut off by a loss of power.
/// </summary>
internal readonly record struct AnchorSlot(ulong Count, HeadPosition Position, HeadHash Head)
{
    /// <summary>Bytes, so that the two places never share a page.</summary>
    public const int Length = 4096;

    private const int SectorLength = 512;
    private const ulong Format = 1;

    /// <exception cref="FormatException">Any bit of the place is not as it was written.</exception>
    public static AnchorSlot Read(ReadOnlySpan<byte> bytes, int index, Sealer sealer, HsmId hsm)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (length > SectorLength - 2 || bytes[(2 + length)..].ContainsAnyExcept((byte)0))
        {
            throw new FormatException("bytes behind its end");
        }
        var opened = sealer.Open(Name(index), bytes.Slice(2, length).ToArray());
        try
        {
            var reader = new CborReader(opened.Content, CborConformanceMode.Canonical);
            if (reader.ReadStartArray() != 6 || reader.ReadUInt64() != Format)
            {
                throw new FormatException("a form that is not known to this program");
            }
            if (reader.ReadTextString() is var owner && owner != hsm.Value)
            {
                throw new FormatException($"the anchor of another HSM, {owner}");
            }
            return new(reader.ReadUInt64(), new(reader.ReadUInt64(), reader.ReadUInt64()), HeadHash.Read(reader.ReadByteString()));
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException("not an anchor", broken);
        }
    }

    public byte[] Write(int index, Sealer sealer, HsmId hsm)
    {
        Span<byte> hash = stackalloc byte[HeadHash.Length];
        Head.Write(hash);
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteStartArray(6);
        cbor.WriteUInt64(Format);
        cbor.WriteTextString(hsm.Value);
        cbor.WriteUInt64(Count);
        cbor.WriteUInt64(Position.Epoch);
        cbor.WriteUInt64(Position.Sequence);
        cbor.WriteByteString(hash);
        cbor.WriteEndArray();
        var sealedSlot = sealer.Seal(Name(index), Count, cbor.Encode());
        if (sealedSlot.Length > SectorLength - 2)
        {
            throw new ArgumentException($"The HSM's id '{hsm}' is too long for an anchor.", nameof(hsm));
        }
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)sealedSlot.Length);
        sealedSlot.CopyTo(bytes, 2);
        return bytes;
    }

    private static string Name(int index) => index == 0 ? "anchor/0" : "anchor/1";
}
