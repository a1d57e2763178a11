using System.Security.Cryptography;
using System.Text;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Logins;

/// <summary>Who logs in, and the password; cleared when disposed.</summary>
internal sealed class Credentials(Identity identity, byte[] password) : IDisposable
{
    private const string RoleVariable = "CLOUDHSM_ROLE";
    private const string PinVariable = "CLOUDHSM_PIN";

    public Identity Identity { get; } = identity;

    /// <summary>UTF-8.</summary>
    public ReadOnlyMemory<byte> Password => password;

    /// <summary>Single-command mode: CLOUDHSM_ROLE=admin|crypto-user and CLOUDHSM_PIN=user:password.</summary>
    public static Credentials FromEnvironment(CommandShell shell)
    {
        var role = shell.Variable(RoleVariable) ?? throw new CommandRefusedException($"This command needs a login: set {RoleVariable} and {PinVariable}, or use interactive mode");
        var pin = shell.Variable(PinVariable) ?? throw new CommandRefusedException($"{RoleVariable} is set but {PinVariable} is not; it holds user:password");
        var colon = pin.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new Credentials(Identity.Of(pin[..colon], role), Encoding.UTF8.GetBytes(pin[(colon + 1)..]))
            : throw new CommandRefusedException($"{PinVariable} is not of the form user:password");
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(password);
}
