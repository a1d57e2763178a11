using System.Formats.Cbor;
using System.Globalization;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Objects;

/// <summary>
/// What a destruction leaves for ten minutes, so that a retry of it is answered as the first try was: <c>[1, handle, destroyed (Unix ms)]</c> under <c>destroyed/instance/number</c>.
/// </summary>
internal sealed record Tombstone(CreationId Request, ObjectHandle Handle, DateTimeOffset Destroyed)
{
    public const string Prefix = "destroyed/";

    private const int Format = 1;

    public string Path => PathOf(Request);

    public static string PathOf(CreationId request) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{request.Instance}/{request.Number.Value:x16}");

    public byte[] Write()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(3);
        writer.WriteInt32(Format);
        writer.WriteUInt64(Handle.Value);
        writer.WriteInt64(Destroyed.ToUnixTimeMilliseconds());
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="FormatException">The record is not one of these.</exception>
    public static Tombstone Read(string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            string[] parts = path.Split('/');
            var reader = new CborReader(content, CborConformanceMode.Canonical);
            if (parts.Length != 3 || reader.ReadStartArray() != 3 || reader.ReadInt32() != Format)
            {
                throw new FormatException($"{path} is no tombstone of a format that this version knows.");
            }

            var request = new CreationId(new InstanceKey(Convert.FromHexString(parts[1])), new CreationNumber(ulong.Parse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
            return new Tombstone(request, new ObjectHandle(reader.ReadUInt64()), DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()));
        }
        catch (Exception broken) when (broken is CborContentException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new FormatException($"{path} can't be read as a tombstone: {broken.Message}", broken);
        }
    }
}
