using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Objects;

/// <summary>C_FindObjects: pages of what a caller may see and a query matches, in the order of handles.</summary>
internal sealed class Finder(TokenObjects objects, Logins logins)
{
    private const int MaxPage = 4096;

    /// <summary>One page.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="query">Attributes that must be as given; none: everything.</param>
    /// <param name="after">None, or the last handle of the page before.</param>
    /// <param name="limit">1 to 4096.</param>
    /// <param name="keyTypes">Keys of other types are left out; null: none are.</param>
    public FindPage Find(Caller caller, Template query, ObjectHandle after, int limit, KeyType[]? keyTypes = null)
    {
        limit = Math.Clamp(limit, 1, MaxPage);
        List<ObjectHandle> found = Find(caller, query, item => IsShown(item, keyTypes) && OpenAttributes.Match(item, query), after, limit + 1);
        bool more = found.Count > limit;
        return new FindPage(more ? found.GetRange(0, limit) : found, more);
    }

    /// <summary>The first of the objects that match, in order.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="narrow">Label, id and class that every match has; an index finds those first.</param>
    /// <param name="matches">Whether one of those matches.</param>
    /// <param name="after">Only higher handles.</param>
    /// <param name="limit">All that are among the first so many; more may be returned.</param>
    public List<ObjectHandle> Find(Caller caller, Template narrow, Predicate<HsmObject> matches, ObjectHandle after, int limit)
    {
        var found = new List<ObjectHandle>();
        Login? login = logins.Current(caller);
        foreach (ObjectIndex index in IndexesFor(login))
        {
            Collect(index, narrow, matches, after, limit, found, (ObjectHandle handle, out HsmObject? item) => objects.TryGet(handle, out item));
        }

        Collect(caller.Objects.Index, narrow, matches, after, limit, found, (ObjectHandle handle, out HsmObject? item) =>
            caller.Objects.TryGet(handle, out item) && Policy.Standings.Of(login, item) != Policy.Standing.None);

        found.Sort();
        return found;
    }

    private static bool IsShown(HsmObject item, KeyType[]? keyTypes) => keyTypes is null || item.KeyType is not { } type || keyTypes.Contains(type);

    private delegate bool Lookup(ObjectHandle handle, out HsmObject? item);

    private static void Collect(ObjectIndex index, Template narrow, Predicate<HsmObject> matches, ObjectHandle after, int limit, List<ObjectHandle> found, Lookup lookup)
    {
        Span<ObjectHandle> candidates = stackalloc ObjectHandle[256];
        int left = limit;
        while (left > 0)
        {
            int count = index.Next(narrow, after, candidates);
            foreach (ObjectHandle handle in candidates[..count])
            {
                if (left > 0 && lookup(handle, out HsmObject? item) && item is not null && matches(item))
                {
                    found.Add(handle);
                    left--;
                }
            }

            if (count < candidates.Length)
            {
                return;
            }

            after = candidates[count - 1];
        }
    }

    // An admin may list every object, to trust it; a crypto-user what is its own, shared with it or public; anybody what is for everyone.
    private IEnumerable<ObjectIndex> IndexesFor(Login? login) => login?.Role switch
    {
        Role.Admin when Policy.Permissions.Check(login, Policy.Permission.ListAllObjects).IsOk => objects.All(),
        Role.CryptoUser => Present(new Viewer(Viewer.Kind.Everyone), new Viewer(Viewer.Kind.CryptoUsers), new Viewer(Viewer.Kind.Owner, login.User), new Viewer(Viewer.Kind.Shared, login.User)),
        _ => Present(new Viewer(Viewer.Kind.Everyone)),
    };

    private IEnumerable<ObjectIndex> Present(params Viewer[] viewers)
    {
        foreach (Viewer viewer in viewers)
        {
            if (objects.IndexOf(viewer) is { } index)
            {
                yield return index;
            }
        }
    }
}
