namespace Strongroom.Hsm.Objects;

/// <summary>Who sees an object; one of these names an <see cref="ObjectIndex"/>.</summary>
internal readonly record struct Viewer(Viewer.Kind Who, UserId User = default)
{
    public enum Kind
    {
        /// <summary>Anyone, logged in or not: certificates, data and public keys with CKA_PRIVATE false.</summary>
        Everyone,

        /// <summary>Every crypto-user: public keys.</summary>
        CryptoUsers,

        /// <summary>The user that made it.</summary>
        Owner,

        /// <summary>A user that the owner shares it with.</summary>
        Shared,
    }

    /// <summary>Who finds this object; <see cref="Policy.Standings"/> says the same of one caller.</summary>
    public static IEnumerable<Viewer> Of(HsmObject item)
    {
        if (item.IsForEveryone)
        {
            yield return new Viewer(Kind.Everyone);
            yield break;
        }

        if (item.Class == ObjectClass.PublicKey)
        {
            yield return new Viewer(Kind.CryptoUsers);
            yield break;
        }

        yield return new Viewer(Kind.Owner, item.Owner);
        foreach (UserId user in item.SharedWith)
        {
            yield return new Viewer(Kind.Shared, user);
        }
    }
}
