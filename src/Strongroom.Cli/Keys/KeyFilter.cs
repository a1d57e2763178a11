using System.Globalization;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>
/// Which keys a command means: one by its reference (key-reference=0x…, or decimal), or all that have every one of the attributes (attr.NAME=VALUE).
/// The HSM searches; it shows the user's own keys, those shared with the user, and public keys.
/// </summary>
internal sealed class KeyFilter
{
    private const string ReferencePrefix = "key-reference=";
    private const string AttributePrefix = "attr.";
    private const ulong HandleInvalid = 0x82;

    private readonly ulong? _reference;
    private readonly WireAttribute[] _attributes;

    private KeyFilter(ulong? reference, WireAttribute[] attributes) => (_reference, _attributes) = (reference, attributes);

    /// <summary>Every key that the user may see.</summary>
    public static KeyFilter Everything { get; } = new(null, []);

    public static KeyFilter Parse(IReadOnlyList<string> terms)
    {
        if (terms.FirstOrDefault(term => term.StartsWith(ReferencePrefix, StringComparison.Ordinal)) is { } reference)
        {
            return terms.Count == 1
                ? new KeyFilter(ParseReference(reference[ReferencePrefix.Length..]), [])
                : throw new CommandRefusedException("A filter is either one key-reference or attributes, not both");
        }

        var attributes = new AttributeList();
        return new KeyFilter(null, attributes.Set([.. terms.Select(AttributeTerm)]).ToArray());
    }

    /// <summary>The handles of all matching keys, ascending.</summary>
    public async Task<IReadOnlyList<ulong>> FindAsync(HsmSession session, CancellationToken cancel)
    {
        if (_reference is { } handle)
        {
            return await ExistsAsync(session, handle, cancel).ConfigureAwait(false) ? [handle] : [];
        }

        // Certificates and data are objects too; only keys are wanted.
        var classes = _attributes.Any(attribute => attribute.Type == Cka.Class) ? [_attributes] : KeyClass.All.Select(WireAttribute[] (c) => [AttributeValue.Number(Cka.Class, c.Number), .. _attributes]);
        var found = await Task.WhenAll(classes.Select(template => session.FindAsync(template, cancel))).ConfigureAwait(false);
        return [.. found.SelectMany(handles => handles).Order()];
    }

    /// <summary>The one key that matches.</summary>
    /// <exception cref="CommandRefusedException">None or several match.</exception>
    public async Task<ulong> FindOneAsync(HsmSession session, CancellationToken cancel)
    {
        var handles = await FindAsync(session, cancel).ConfigureAwait(false);
        return handles.Count == 1
            ? handles[0]
            : throw new CommandRefusedException($"Key selection criteria matched {handles.Count} keys. Refine selection criteria to select a single key.");
    }

    private static string AttributeTerm(string term) => term.StartsWith(AttributePrefix, StringComparison.Ordinal)
        ? term[AttributePrefix.Length..]
        : throw new CommandRefusedException($"A filter is key-reference=0x… or attr.NAME=VALUE, not {term}");

    private static ulong ParseReference(string text)
    {
        var hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(hex ? text.AsSpan(2) : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var handle)
            ? handle
            : throw new CommandRefusedException($"A key-reference is a number, 0x… or decimal, not {text}");
    }

    private static async Task<bool> ExistsAsync(HsmSession session, ulong handle, CancellationToken cancel)
    {
        try
        {
            var result = await session.GetAttributesAsync(handle, [Cka.Class], cancel).ConfigureAwait(false);
            return result is [{ Value: { } value }] && KeyClass.All.Any(c => c.Number == AttributeValue.ReadNumber(value.Span));
        }
        catch (HsmRefusedException e) when (e.Rv == HandleInvalid)
        {
            return false;
        }
    }
}
