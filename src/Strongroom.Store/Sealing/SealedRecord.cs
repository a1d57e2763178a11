using System.Formats.Cbor;
using Strongroom.Crypto;

namespace Strongroom.Store.Sealing;

/// <summary>
/// The form of everything sealed, a definite-length CBOR array (RFC 8949 4.2.1): [format version = 1, epoch, writer (16 bytes), version, nonce (12 bytes), ciphertext followed by tag (16 bytes)].
/// </summary>
internal readonly record struct SealedRecord(ulong Epoch, WriterId Writer, ulong Version, ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> Ciphertext)
{
    /// <summary>Raised when the form or what is authenticated changes. Old forms stay readable for ever.</summary>
    public const ulong Format = 1;

    /// <summary>Bytes that sealing adds at most: array, numbers, writer, nonce, tag and their heads.</summary>
    public const int Overhead = 1 + 1 + 9 + 17 + 9 + 13 + 5 + Aead.TagSize;

    /// <exception cref="FormatException">It has another form.</exception>
    public static SealedRecord Parse(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var reader = new CborReader(encoded, CborConformanceMode.Canonical);
            if (reader.ReadStartArray() != 6)
            {
                throw new FormatException("a sealed record has 6 parts");
            }
            var format = reader.ReadUInt64();
            if (format != Format)
            {
                throw new FormatException($"format version {format} is not known to this program");
            }
            var epoch = reader.ReadUInt64();
            var writer = reader.ReadDefiniteLengthByteString();
            var version = reader.ReadUInt64();
            var nonce = reader.ReadDefiniteLengthByteString();
            var ciphertext = reader.ReadDefiniteLengthByteString();
            reader.ReadEndArray();
            return writer.Length == WriterId.Length && nonce.Length == Aead.NonceSize && ciphertext.Length >= Aead.TagSize && reader.BytesRemaining == 0
                ? new(epoch, WriterId.Read(writer.Span), version, nonce, ciphertext)
                : throw new FormatException("a part of the sealed record has another length");
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException)
        {
            throw new FormatException($"not a sealed record ({broken.Message})", broken);
        }
    }

    public byte[] Encode()
    {
        Span<byte> writer = stackalloc byte[WriterId.Length];
        Writer.Write(writer);
        var cbor = new CborWriter(CborConformanceMode.Canonical, initialCapacity: Ciphertext.Length + Overhead);
        cbor.WriteStartArray(6);
        cbor.WriteUInt64(Format);
        cbor.WriteUInt64(Epoch);
        cbor.WriteByteString(writer);
        cbor.WriteUInt64(Version);
        cbor.WriteByteString(Nonce.Span);
        cbor.WriteByteString(Ciphertext.Span);
        cbor.WriteEndArray();
        return cbor.Encode();
    }
}
