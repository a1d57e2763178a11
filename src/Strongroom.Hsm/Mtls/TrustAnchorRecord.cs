using System.Formats.Cbor;
using System.Globalization;

namespace Strongroom.Hsm.Mtls;

/// <summary>A trust anchor for clients as stored: <c>[1, certificates (PEM)]</c> under <c>anchors/</c> and its reference.</summary>
internal static class TrustAnchorRecord
{
    public const string Prefix = "anchors/";

    private const int Format = 1;

    public static string PathOf(int reference) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{reference}");

    public static byte[] Write(TrustAnchor anchor)
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(2);
        writer.WriteInt32(Format);
        writer.WriteTextString(anchor.Certificates);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="FormatException">The record is not one of these.</exception>
    public static TrustAnchor Read(string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            if (reader.ReadStartArray() != 2 || reader.ReadInt32() != Format)
            {
                throw new FormatException($"{path} has a format that this version does not know.");
            }

            return new TrustAnchor(int.Parse(path.AsSpan(Prefix.Length), CultureInfo.InvariantCulture), reader.ReadTextString());
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException($"{path} can't be read: {broken.Message}", broken);
        }
    }
}
