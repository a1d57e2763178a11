using System.Formats.Cbor;

namespace Strongroom.Hsm;

/// <summary>What an admin may change about a cluster: <c>[1, pkcs1 decryption]</c> under <c>settings</c>. Without a record everything is as in <see cref="AtBirth"/>.</summary>
/// <param name="Pkcs1Decryption">Whether C_Decrypt takes CKM_RSA_PKCS.</param>
public sealed record ClusterSettings(bool Pkcs1Decryption)
{
    internal const string Path = "settings";

    private const int Format = 1;

    public static ClusterSettings AtBirth { get; } = new(Pkcs1Decryption: true);

    internal byte[] Write()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(2);
        writer.WriteInt32(Format);
        writer.WriteBoolean(Pkcs1Decryption);
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="FormatException">The record is not one of these.</exception>
    internal static ClusterSettings Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            return reader.ReadStartArray() == 2 && reader.ReadInt32() == Format
                ? new ClusterSettings(reader.ReadBoolean())
                : throw new FormatException("The cluster's settings have a format that this version does not know.");
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException($"The cluster's settings can't be read: {broken.Message}", broken);
        }
    }
}
