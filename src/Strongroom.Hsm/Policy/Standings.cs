using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Policy;

/// <summary>Tells how callers stand to objects; what <see cref="Viewer.Of"/> says of finding, said of one caller and without allocating, since every use of a key asks.</summary>
internal static class Standings
{
    public static Standing Of(Login? login, HsmObject item)
    {
        if (login is { Role: Role.CryptoUser })
        {
            if (login.User == item.Owner)
            {
                return Standing.Owner;
            }

            if (!item.IsForEveryone && item.Class != ObjectClass.PublicKey)
            {
                return Array.IndexOf(item.SharedWith, login.User) >= 0 ? Standing.Shared : Standing.None;
            }

            return Standing.Public;
        }

        return item.IsForEveryone ? Standing.Public : login is { Role: Role.Admin } ? Standing.Admin : Standing.None;
    }
}
