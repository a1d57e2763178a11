using System.Buffers;
using System.Text;

namespace Strongroom.Hsm.Users;

/// <summary>The rules for names and passwords.</summary>
internal static class UserNames
{
    public const int MaxNameLength = 31;
    public const int MinPasswordLength = 8;
    public const int MaxPasswordLength = 32;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>A name in its one form, which is lower case.</summary>
    public static Outcome<string> Normalize(ReadOnlySpan<char> name) =>
        name.Length is 0 or > MaxNameLength || name.ContainsAnyExcept(Allowed) ? Causes.UserNameInvalid : name.ToString().ToLowerInvariant();

    /// <summary>Whether a password may be set.</summary>
    /// <param name="password">Its bytes.</param>
    public static Outcome CheckPassword(ReadOnlySpan<byte> password)
    {
        if (password.Length is < MinPasswordLength or > MaxPasswordLength)
        {
            return Causes.PasswordLength;
        }

        return password.Contains((byte)':') ? Causes.PasswordColon : Outcome.Ok;
    }

    /// <summary>Splits "user:password" at its first colon.</summary>
    public static Outcome<(string Name, ReadOnlyMemory<byte> Password)> SplitPin(ReadOnlyMemory<byte> pin)
    {
        int colon = pin.Span.IndexOf((byte)':');
        if (colon is < 1 or > MaxNameLength || !Ascii.IsValid(pin.Span[..colon]))
        {
            return Causes.PinForm;
        }

        Outcome<string> name = Normalize(Encoding.ASCII.GetString(pin.Span[..colon]));
        return name.IsOk ? (name.Value, pin[(colon + 1)..]) : Causes.PinForm;
    }
}
