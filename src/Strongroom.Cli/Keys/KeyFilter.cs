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
    private const int LargestPage = 4096;

    private readonly ulong? _reference;
    private readonly WireQueryTerm[] _query;

    private KeyFilter(ulong? reference, WireQueryTerm[] query) => (_reference, _query) = (reference, query);

    /// <summary>Every key that the user may see.</summary>
    public static KeyFilter Everything { get; } = new(null, []);

    /// <summary>The keys that a search of any form describes.</summary>
    public static KeyFilter Where(KeyQuery query) => new(null, query.ToArray());

    public static KeyFilter Parse(IReadOnlyList<string> terms)
    {
        if (terms.FirstOrDefault(term => term.StartsWith(ReferencePrefix, StringComparison.Ordinal)) is { } reference)
        {
            return terms.Count == 1
                ? new KeyFilter(ParseReference(reference[ReferencePrefix.Length..]), [])
                : throw new CommandRefusedException("A filter is either one key-reference or attributes, not both");
        }

        var query = new KeyQuery();
        var seen = new HashSet<string>();
        foreach (var term in terms)
        {
            var (attribute, value) = AttributeList.Split(AttributeTerm(term));
            if (!seen.Add(attribute.Name))
            {
                throw new CommandRefusedException($"The attribute {attribute.Name} is given twice");
            }

            query.Equal(attribute, value);
            if (seen.Count > 1)
            {
                query.And();
            }
        }

        return new KeyFilter(null, query.ToArray());
    }

    /// <summary>The keys that match, in the order of their references.</summary>
    /// <param name="session">whose keys</param>
    /// <param name="skip">how many to leave out first</param>
    /// <param name="count">how many at most</param>
    /// <param name="types">what to read of each</param>
    /// <param name="cancel">stops waiting</param>
    /// <returns>how many match in all, and those asked for</returns>
    public async Task<(long Total, IReadOnlyList<WireFoundKey> Keys)> FindAsync(HsmSession session, int skip, int count, ulong[] types, CancellationToken cancel)
    {
        if (_reference is { } reference)
        {
            return await FindReferenceAsync(session, reference, skip, count, types, cancel).ConfigureAwait(false);
        }

        var page = await session.SearchAsync(_query, 0, (ulong)skip, Page(count), count: true, types, cancel).ConfigureAwait(false);
        var (total, keys) = ((long)page.Total, page.Keys.ToList());
        while (page.More && keys.Count < count && page.Keys.Length > 0)
        {
            page = await session.SearchAsync(_query, keys[^1].Handle, 0, Page(count - keys.Count), count: false, types, cancel).ConfigureAwait(false);
            keys.AddRange(page.Keys);
        }

        return (total, keys);
    }

    /// <summary>The one key that matches.</summary>
    /// <exception cref="CommandRefusedException">None or several match.</exception>
    public async Task<ulong> FindOneAsync(HsmSession session, CancellationToken cancel)
    {
        var (total, keys) = await FindAsync(session, 0, 1, [], cancel).ConfigureAwait(false);
        return total == 1 && keys.Count == 1
            ? keys[0].Handle
            : throw new CommandRefusedException($"Key selection criteria matched {total} keys. Refine selection criteria to select a single key.");
    }

    // The first key after the number before: there is such a key if it is that one.
    private static async Task<(long Total, IReadOnlyList<WireFoundKey> Keys)> FindReferenceAsync(HsmSession session, ulong reference, int skip, int count, ulong[] types, CancellationToken cancel)
    {
        var page = await session.SearchAsync([], reference == 0 ? 0 : reference - 1, 0, 1, count: false, types, cancel).ConfigureAwait(false);
        WireFoundKey[] found = [.. page.Keys.Where(key => key.Handle == reference)];
        return (found.Length, [.. found.Skip(skip).Take(count)]);
    }

    private static ulong Page(int count) => (ulong)Math.Min(count, LargestPage);

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
}
