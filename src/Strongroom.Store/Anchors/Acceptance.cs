using System.Formats.Cbor;
using Strongroom.Store.Heads;

namespace Strongroom.Store.Anchors;

/// <summary>
/// The decision that one head takes the place of what an anchor remembers, although the anchor is ahead of it or remembers another one: after a loss, or after a backup was restored.
/// It names both heads, so it is good for this one step and for nothing that is put back later. CBOR: [format version = 1, anchor's epoch, sequence, hash, head's epoch, sequence, hash].
/// </summary>
public sealed record Acceptance(HeadPosition Anchor, HeadHash AnchorHash, HeadPosition Head, HeadHash HeadHash)
{
    private const ulong Format = 1;

    /// <summary>Whether the store was restored from a backup into a state directory that never had another.</summary>
    public bool IsOfBackup => Anchor.Sequence == ulong.MaxValue;

    /// <exception cref="FormatException">It has another form.</exception>
    public static Acceptance Parse(ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            return reader.ReadStartArray() == 7 && reader.ReadUInt64() == Format
                ? new(new(reader.ReadUInt64(), reader.ReadUInt64()), HeadHash.Read(reader.ReadByteString()), new(reader.ReadUInt64(), reader.ReadUInt64()), HeadHash.Read(reader.ReadByteString()))
                : throw new FormatException("an acceptance of a form that is not known to this program");
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException($"not an acceptance ({broken.Message})", broken);
        }
    }

    /// <summary>What an admin with a second factor signs the SHA-256 of: one line, which nothing else that is signed looks like.</summary>
    public string Statement(ClusterId cluster) =>
        $"accept store of {cluster.Value}: {Head}, head {Hex(HeadHash)}, after {(IsOfBackup ? "a restored backup" : $"{Anchor}, head {Hex(AnchorHash)}")}";

    public byte[] Encode()
    {
        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteStartArray(7);
        cbor.WriteUInt64(Format);
        Write(cbor, Anchor, AnchorHash);
        Write(cbor, Head, HeadHash);
        cbor.WriteEndArray();
        return cbor.Encode();
    }

    private static string Hex(HeadHash hash)
    {
        Span<byte> bytes = stackalloc byte[HeadHash.Length];
        hash.Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static void Write(CborWriter cbor, HeadPosition position, HeadHash hash)
    {
        Span<byte> bytes = stackalloc byte[HeadHash.Length];
        hash.Write(bytes);
        cbor.WriteUInt64(position.Epoch);
        cbor.WriteUInt64(position.Sequence);
        cbor.WriteByteString(bytes);
    }
}
