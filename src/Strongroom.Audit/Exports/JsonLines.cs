using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Strongroom.Audit.Exports;

/// <summary>Events as JSON, one object a line. Handles and session numbers are decimal strings, since JSON's readers lose the low bits of numbers over 2^53.</summary>
public static class JsonLines
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = false };

    /// <summary>Writes one event and a line feed, UTF-8.</summary>
    public static void Write(IBufferWriter<byte> to, AuditEntry entry)
    {
        using (var json = new Utf8JsonWriter(to, Options))
        {
            Write(json, entry);
        }

        to.Write("\n"u8);
    }

    /// <summary>The same as text, without the line feed.</summary>
    public static string ToText(AuditEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Write(buffer, entry);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan[..^1]);
    }

    private static void Write(Utf8JsonWriter json, AuditEntry entry)
    {
        var (e, subject, log) = (entry.Event, entry.Subject, entry.Log);
        json.WriteStartObject();
        json.WriteString("time", e.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        json.WriteString("cluster", log.Cluster);
        json.WriteString("hsm", log.Hsm);
        json.WriteNumber("sequence", e.Sequence);
        json.WriteNumber("reboot", log.Reboot);
        json.WriteString("operation", e.Operation.ToString());
        json.WriteString("result", StandardNames.OfResult(e.Result));
        Optional(json, "user", subject.User);
        Optional(json, "role", StandardNames.OfRole(subject.Role));
        Optional(json, "address", subject.Address);
        if (subject.Instance != default)
        {
            json.WriteString("instance", subject.Instance.ToString());
        }

        Number(json, "session", e.Session == 0 ? null : e.Session);
        if (e.Mechanism is { } mechanism)
        {
            json.WriteString("mechanism", StandardNames.OfMechanism(mechanism));
        }

        Number(json, "key", e.Key);
        Number(json, "secondKey", e.SecondKey);
        if (e.Digest is { } digest)
        {
            json.WriteString("sha256", digest.ToString());
        }

        if (e.Target is { } target)
        {
            json.WriteString("targetUser", target.Name);
            Optional(json, "targetRole", StandardNames.OfRole(target.Role));
        }

        Optional(json, "detail", e.Detail);
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
        }
    }
}
