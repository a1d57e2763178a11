using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Attributes;

/// <summary>Attribute values between their written form and PKCS#11's layout (CK_ULONG: 8 bytes little-endian, CK_BBOOL: 1 byte).</summary>
internal static class AttributeValue
{
    private const int MaxText = 65536;

    /// <summary>NAME=VALUE for a template.</summary>
    public static WireAttribute Parse(KeyAttribute attribute, string text) => attribute.Form == AttributeForm.Template
        ? new(attribute.Type, null, ParseTemplate(text))
        : new(attribute.Type, Encode(attribute, text), null);

    public static WireAttribute Flag(ulong type, bool value) => new(type, new[] { value ? (byte)1 : (byte)0 }, null);

    public static WireAttribute Number(ulong type, ulong value) => new(type, Encode(value), null);

    public static WireAttribute Text(ulong type, string value) => new(type, Encoding.UTF8.GetBytes(value), null);

    public static WireAttribute Bytes(ulong type, byte[] value) => new(type, value, null);

    public static ulong ReadNumber(ReadOnlySpan<byte> value) => value.Length == sizeof(ulong) ? BinaryPrimitives.ReadUInt64LittleEndian(value) : 0;

    /// <summary>The value as it is printed.</summary>
    public static JsonNode Print(KeyAttribute attribute, ReadOnlySpan<byte> value) => attribute.Form switch
    {
        AttributeForm.Flag => JsonValue.Create(value is [not 0]),
        AttributeForm.Text => JsonValue.Create(Encoding.UTF8.GetString(value)),
        AttributeForm.Bytes => JsonValue.Create(Hex(value)),
        AttributeForm.Number => JsonValue.Create(ReadNumber(value)),
        AttributeForm.Class => JsonValue.Create(NameOf(KeyClass.All.FirstOrDefault(Is(value, (KeyClass c) => c.Number))?.Name, value)),
        AttributeForm.KeyType => JsonValue.Create(NameOf(KeyKind.Of(ReadNumber(value))?.Name, value)),
        AttributeForm.Curve => JsonValue.Create(Curve.Of(value)?.Names[0] ?? Hex(value)),
        AttributeForm.Point => JsonValue.Create(Hex(WithoutOctetString(value))),
        AttributeForm.Date => JsonValue.Create(Encoding.ASCII.GetString(value)),
        AttributeForm.ParameterSet => JsonValue.Create(NameOf(MlDsaParameters.All.FirstOrDefault(Is(value, (MlDsaParameters p) => p.Number))?.Name, value)),
        _ => throw new ArgumentOutOfRangeException(nameof(attribute)),
    };

    /// <summary>0x and lower-case hexadecimal digits; 0x alone for nothing.</summary>
    public static string Hex(ReadOnlySpan<byte> value) => "0x" + Convert.ToHexStringLower(value);

    /// <summary>Reads 0x and hexadecimal digits; the 0x may be left out.</summary>
    public static byte[] ParseHex(string what, string text)
    {
        try
        {
            return Convert.FromHexString(text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text);
        }
        catch (FormatException e)
        {
            throw new CommandRefusedException($"{what} is not hexadecimal (0x and pairs of digits): {text}", e);
        }
    }

    /// <summary>CKA_EC_POINT is a DER OCTET STRING (PKCS#11 3.2, section 6.3.3); this is the point in it.</summary>
    public static ReadOnlySpan<byte> WithoutOctetString(ReadOnlySpan<byte> value) =>
        AsnDecoder.TryReadPrimitiveOctetString(value, AsnEncodingRules.DER, out var content, out var consumed) && consumed == value.Length ? content : value;

    public static byte[] WithOctetString(ReadOnlySpan<byte> point)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(point);
        return writer.Encode();
    }

    /// <summary>What a filter compares with: mostly one value, several where one name stands for several of PKCS#11's.</summary>
    public static byte[][] Choices(KeyAttribute attribute, string text) => attribute.Form == AttributeForm.KeyType
        ? [.. (KeyKind.All.FirstOrDefault(k => k.Name == text) ?? throw Unknown(attribute, text, KeyKind.All.Select(k => k.Name))).Numbers.Select(Encode)]
        : [Encode(attribute, text)];

    /// <summary>A template as CKA_UNWRAP_TEMPLATE holds one: NAME=VALUE, several with spaces or commas between them.</summary>
    public static WireAttribute[] ParseTemplate(string text) => new AttributeList().Set(text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();

    /// <summary>A template as it is printed.</summary>
    public static JsonObject PrintTemplate(WireAttribute[] members)
    {
        var json = new JsonObject();
        foreach (var member in members)
        {
            var known = KeyAttribute.All.FirstOrDefault(attribute => attribute.Type == member.Type);
            json[known?.Name ?? $"0x{member.Type:x}"] = known is null ? Hex((member.Value ?? default).Span) : Print(known, (member.Value ?? default).Span);
        }

        return json;
    }

    private static byte[] Encode(KeyAttribute attribute, string text)
    {
        if (text.Length > MaxText)
        {
            throw new CommandRefusedException($"The value of {attribute.Name} is too long");
        }

        return attribute.Form switch
        {
            AttributeForm.Flag => [ParseFlag(attribute.Name, text) ? (byte)1 : (byte)0],
            AttributeForm.Text => Encoding.UTF8.GetBytes(text),
            AttributeForm.Bytes => ParseHex(attribute.Name, text),
            AttributeForm.Number => Encode(ParseNumber(attribute.Name, text)),
            AttributeForm.Class => Encode(KeyClass.All.FirstOrDefault(c => c.Name == text)?.Number ?? throw Unknown(attribute, text, KeyClass.All.Select(c => c.Name))),
            AttributeForm.KeyType => Encode(KeyKind.All.FirstOrDefault(k => k.Name == text)?.Number ?? throw Unknown(attribute, text, KeyKind.All.Select(k => k.Name))),
            AttributeForm.Curve => Curve.Named(text).Parameters,
            AttributeForm.Point => WithOctetString(ParseHex(attribute.Name, text)),
            AttributeForm.Date => ParseDate(attribute.Name, text),
            AttributeForm.ParameterSet => Encode(MlDsaParameters.All.FirstOrDefault(p => p.Name == text)?.Number ?? throw Unknown(attribute, text, MlDsaParameters.All.Select(p => p.Name))),
            AttributeForm.Template => throw new CommandRefusedException($"{attribute.Name} can't be searched for"),
            _ => throw new ArgumentOutOfRangeException(nameof(attribute)),
        };
    }

    private static byte[] Encode(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes;
    }

    private static bool ParseFlag(string name, string text) => text.ToLowerInvariant() switch
    {
        "true" => true,
        "false" => false,
        _ => throw new CommandRefusedException($"{name} is true or false, not {text}"),
    };

    private static ulong ParseNumber(string name, string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new CommandRefusedException($"{name} is a number, not {text}");

    // CK_DATE: eight digits; hyphens between them may be written.
    private static byte[] ParseDate(string name, string text) =>
        text.Length == 0 ? [] : text.Replace("-", "", StringComparison.Ordinal) is { Length: 8 } digits && digits.All(char.IsAsciiDigit)
            ? Encoding.ASCII.GetBytes(digits)
            : throw new CommandRefusedException($"{name} is a date, YYYY-MM-DD, not {text}");

    private static Func<T, bool> Is<T>(ReadOnlySpan<byte> value, Func<T, ulong> number)
    {
        var wanted = ReadNumber(value);
        return item => number(item) == wanted;
    }

    private static string NameOf(string? name, ReadOnlySpan<byte> value) => name ?? $"0x{ReadNumber(value):x}";

    private static CommandRefusedException Unknown(KeyAttribute attribute, string text, IEnumerable<string> known) =>
        new($"{attribute.Name} can't be {text}; it is one of {string.Join(", ", known)}");
}
