using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Configuration;

/// <summary>
/// A pair of options --enable-NAME and --disable-NAME. They say how CloudHSM's client works around properties of its HSMs; here they are kept in the file for the tools that read it and change nothing:
/// a key that was acknowledged is in the shared store and so always available, a key is judged at its use, certificates are objects like others, and which hashes may sign is the cluster's mode.
/// </summary>
/// <param name="Name">name without enable and disable</param>
/// <param name="Setting">the setting in the file, under "options"</param>
/// <param name="Enabled">its value when enabled</param>
/// <param name="Description">for help</param>
/// <param name="IsPkcs11Only">configure-cli does not have it</param>
internal sealed record ConfigureSwitch(string Name, string Setting, bool Enabled, string Description, bool IsPkcs11Only = false)
{
    public static IReadOnlyList<ConfigureSwitch> All { get; } =
    [
        new("key-availability-check", "disable_key_availability_check", false, "accepted for compatibility: a key is always available"),
        new("validate-key-at-init", "disable_validate_key_at_init", false, "accepted for compatibility: a key is judged at every use"),
        new("certificate-storage", "enable_certificate_storage", true, "accepted for compatibility: certificates are always stored", IsPkcs11Only: true),
        new("ecdsa-with-weak-hash-function", "enable_ecdsa_with_weak_hash_function", true, "accepted for compatibility: the cluster's mode decides"),
    ];

    private readonly Option<bool> _enable = new($"--enable-{Name}") { Description = Description };
    private readonly Option<bool> _disable = new($"--disable-{Name}") { Description = Description };

    public IEnumerable<Option> Options => [_enable, _disable];

    /// <summary>Writes what was given into a cluster's settings.</summary>
    public void Apply(ParseResult parsed, JsonObject settings)
    {
        var (enable, disable) = (parsed.GetValue(_enable), parsed.GetValue(_disable));
        if (enable && disable)
        {
            throw new CommandRefusedException($"Give either {_enable.Name} or {_disable.Name}");
        }

        if (enable || disable)
        {
            settings[Setting] = enable == Enabled;
        }
    }
}
