using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Objects;

/// <summary>Statements about keys: every attribute that is not secret, and the public half, as JSON that is signed as it stands.</summary>
internal sealed class KeyStatements(KeyRing ring)
{
    /// <summary>What a reader looks for first.</summary>
    public const string Format = "strongroom-key-attestation-v1";

    // For people and scripts, not for HTML.
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where and when a statement is made.</summary>
    public sealed record Setting(string Cluster, string Hsm, ClusterMode Mode, bool FipsProvider, string Version, DateTimeOffset Now);

    /// <summary>The statement. Admins, who may not read keys' attributes, get none.</summary>
    public Outcome<byte[]> Write(Caller caller, ObjectHandle handle, Setting setting, ReadOnlySpan<byte> nonce)
    {
        Outcome<(HsmObject Object, Standing Standing)> seen = ring.See(handle, caller);
        if (!seen.IsOk)
        {
            return seen.Cause;
        }

        HsmObject item = seen.Value.Object;
        if (!item.IsKey)
        {
            return Causes.NotAKey;
        }

        if (seen.Value.Standing <= Standing.Admin)
        {
            return Causes.RoleMayNot;
        }

        ReadOnlyMemory<byte> publicHalf = default;
        if (item.Class != ObjectClass.SecretKey)
        {
            Outcome<ReadOnlyMemory<byte>> info = ring.PublicHalf(item, caller, AttributeType.PublicKeyInfo);
            if (!info.IsOk)
            {
                return info.Cause;
            }

            publicHalf = info.Value;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Pretty))
        {
            WriteStatement(json, item, setting, nonce, publicHalf.Span);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteStatement(Utf8JsonWriter json, HsmObject item, Setting setting, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> publicHalf)
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("cluster", setting.Cluster);
        json.WriteString("hsm", setting.Hsm);
        json.WriteString("mode", setting.Mode == ClusterMode.Fips ? "FIPS" : "NON_FIPS");
        json.WriteBoolean("fips-provider", setting.FipsProvider);
        json.WriteString("version", setting.Version);
        json.WriteString("time", setting.Now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        if (!nonce.IsEmpty)
        {
            json.WriteString("nonce", Convert.ToHexStringLower(nonce));
        }

        json.WriteStartObject("key");
        json.WriteString("key-reference", $"0x{item.Handle.Value:x16}");
        json.WriteStartObject("attributes");
        foreach (AttributeType type in ObjectRules.Of(item.Class, item.KeyType)!.Keys.Order())
        {
            if (IsTold(type, item) && OpenAttributes.TryRead(item, type, out ReadOnlyMemory<byte> value) && value.Length > 0)
            {
                WriteAttribute(json, type, value.Span);
            }
        }

        json.WriteEndObject();
        if (!publicHalf.IsEmpty)
        {
            json.WriteString("public-key-sha256", Convert.ToHexStringLower(SHA256.HashData(publicHalf)));
            json.WriteString("public-key", PemEncoding.WriteString("PUBLIC KEY", publicHalf));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // The public half stands below; a key that was not generated here has no mechanism that generated it.
    private static bool IsTold(AttributeType type, HsmObject item) => type switch
    {
        AttributeType.PublicKeyInfo or AttributeType.UniqueId => false,
        AttributeType.KeyGenMechanism => item.Has(ObjectFlags.Local),
        _ => true,
    };

    private static void WriteAttribute(Utf8JsonWriter json, AttributeType type, ReadOnlySpan<byte> value)
    {
        string name = AttributeNames.Of(type);
        switch (AttributeKinds.Find(type)!.Kind)
        {
            case ValueKind.Boolean:
                json.WriteBoolean(name, value[0] != 0);
                break;
            case ValueKind.Number when type == AttributeType.Class:
                json.WriteString(name, AttributeNames.Constant("CKO", ((ObjectClass)Number(value)).ToString()));
                break;
            case ValueKind.Number when type == AttributeType.KeyType:
                json.WriteString(name, AttributeNames.Constant("CKK", ((KeyType)Number(value)).ToString()));
                break;
            case ValueKind.Number:
                json.WriteNumber(name, Number(value));
                break;
            case ValueKind.Date:
                json.WriteString(name, value);
                break;
            case ValueKind.Bytes when type == AttributeType.Label:
                json.WriteString(name, Encoding.UTF8.GetString(value));
                break;
            case ValueKind.Template:
                json.WriteStartObject(name);
                foreach (RawAttribute member in OpenAttributes.Members(value))
                {
                    WriteAttribute(json, member.Type, member.Value.Span);
                }

                json.WriteEndObject();
                break;
            default:
                json.WriteString(name, "0x" + Convert.ToHexStringLower(value));
                break;
        }
    }

    private static ulong Number(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt64LittleEndian(value);
}
