using System.Text;
using Strongroom.Cli.Terminal;

namespace Strongroom.Cli.Logins;

/// <summary>A password from the command line, or asked for. The bytes are the caller's to clear.</summary>
internal static class PasswordChoice
{
    public static byte[] Existing(Prompt prompt, string? given) => given is null ? prompt.Password("Enter password") : Encoding.UTF8.GetBytes(given);

    public static byte[] New(Prompt prompt, string? given) => given is null ? prompt.NewPassword() : Encoding.UTF8.GetBytes(given);
}
