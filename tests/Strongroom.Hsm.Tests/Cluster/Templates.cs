using System.Text;

namespace Strongroom.Hsm.Tests.Cluster;

/// <summary>Short ways to write templates.</summary>
internal static class Templates
{
    public static readonly byte[] P256 = Convert.FromHexString("06082a8648ce3d030107");

    public static RawAttribute Is(this AttributeType type, bool value) => new(type, new[] { (byte)(value ? 1 : 0) });

    public static RawAttribute Is(this AttributeType type, ulong value) => new(type, BitConverter.GetBytes(value));

    public static RawAttribute Is(this AttributeType type, string value) => new(type, Encoding.UTF8.GetBytes(value));

    public static RawAttribute Is(this AttributeType type, byte[] value) => new(type, value);

    public static RawAttribute Is(this AttributeType type, params RawAttribute[] nested) => new(type, default, nested);

    public static RawAttribute Is(this AttributeType type, ObjectClass value) => type.Is((ulong)value);

    public static RawAttribute Is(this AttributeType type, KeyType value) => type.Is((ulong)value);

    public static readonly byte[] Empty = [];

    /// <summary>An AES key of 32 bytes.</summary>
    public static RawAttribute[] Aes(params RawAttribute[] more) => [AttributeType.ValueLen.Is(32UL), .. more];

    /// <summary>An AES key from outside.</summary>
    public static RawAttribute[] ImportedAes(byte[] value, params RawAttribute[] more) =>
        [AttributeType.Class.Is(ObjectClass.SecretKey), AttributeType.KeyType.Is(KeyType.Aes), AttributeType.Value.Is(value), .. more];
}
