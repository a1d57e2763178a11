namespace Strongroom.Cli.Configuration;

/// <summary>What a configure tool writes the configuration of.</summary>
/// <param name="Tool">name of the tool</param>
/// <param name="Variable">environment variable that names the file</param>
/// <param name="UsualPath">the file if the variable is not set</param>
/// <param name="UsualLogType">where its log goes if nothing is said: file or term</param>
/// <param name="UsualLog">the file of its log</param>
internal sealed record Component(string Tool, string Variable, string UsualPath, string UsualLogType, string UsualLog)
{
    public static Component Cli { get; } = new("configure-cli", CliConfiguration.Variable, CliConfiguration.UsualPath, "file", "/opt/cloudhsm/run/cloudhsm-cli.log");

    public static Component Pkcs11 { get; } =
        new("configure-pkcs11", "STRONGROOM_PKCS11_CONFIG", "/opt/cloudhsm/etc/cloudhsm-pkcs11.cfg", "file", "/opt/cloudhsm/run/cloudhsm-pkcs11.log");

    /// <summary>The OpenSSL engine ("dynamic engine"), which logs to standard error as CloudHSM's.</summary>
    public static Component OpenSslEngine { get; } =
        new("configure-dyn", "STRONGROOM_PKCS11_CONFIG", "/opt/cloudhsm/etc/cloudhsm-dyn.cfg", "term", "/opt/cloudhsm/run/cloudhsm-dyn.log");
}
