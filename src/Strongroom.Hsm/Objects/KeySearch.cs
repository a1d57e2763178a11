using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Objects;

/// <summary>Searches a caller's keys by any combination of attributes, and reads what is asked of those on the page in the same step.</summary>
internal sealed class KeySearch(Finder finder, AttributeReader reader)
{
    private const int MaxPage = 4096;

    // Attributes of a page stay well below a frame.
    private const int MaxBytes = 512 * 1024;

    /// <summary>One page.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="query">Which keys.</param>
    /// <param name="after">None, or the last handle of the page before.</param>
    /// <param name="skip">How many of the matches after that to leave out.</param>
    /// <param name="limit">0 to 4096.</param>
    /// <param name="count">Whether to count all matches, for which every candidate is looked at.</param>
    /// <param name="types">Attributes to read of each key.</param>
    public KeySearchPage Search(Caller caller, KeyQuery query, ObjectHandle after, int skip, int limit, bool count, ReadOnlySpan<AttributeType> types)
    {
        limit = Math.Clamp(limit, 0, MaxPage);
        List<ObjectHandle> found = finder.Find(caller, query.Necessary, query.Matches, count ? ObjectHandle.None : after, count ? int.MaxValue : (int)Math.Min((long)skip + limit + 1, int.MaxValue));
        int first = 0;
        if (count && after != ObjectHandle.None)
        {
            int place = found.BinarySearch(after);
            first = place >= 0 ? place + 1 : ~place;
        }

        first = (int)Math.Min((long)first + skip, found.Count);
        int next = first;
        var keys = new List<(ObjectHandle, AttributeReading[])>();
        for (int bytes = 0; next < found.Count && keys.Count < limit && bytes < MaxBytes; next++)
        {
            // A key that was destroyed since is left out.
            Outcome<AttributeReading[]> read = reader.Read(caller, found[next], types);
            if (read.IsOk)
            {
                keys.Add((found[next], read.Value));
                bytes += read.Value.Sum(SizeOf);
            }
        }

        return new KeySearchPage(count ? found.Count : 0, keys, next < found.Count);
    }

    private static int SizeOf(AttributeReading reading) => 32 + (reading.Value?.Length ?? 0) + (reading.Nested?.Sum(member => 16 + member.Value.Length) ?? 0);
}
