namespace Strongroom.Cli.Configuration;

/// <summary>What a configure tool writes the configuration of.</summary>
/// <param name="Tool">name of the tool</param>
/// <param name="Variable">environment variable that names the file</param>
/// <param name="UsualPath">the file if the variable is not set</param>
/// <param name="UsualLog">the log of the component</param>
internal sealed record Component(string Tool, string Variable, string UsualPath, string UsualLog)
{
    public static Component Cli { get; } = new("configure-cli", CliConfiguration.Variable, CliConfiguration.UsualPath, "/opt/cloudhsm/run/cloudhsm-cli.log");

    public static Component Pkcs11 { get; } =
        new("configure-pkcs11", "STRONGROOM_PKCS11_CONFIG", "/opt/cloudhsm/etc/cloudhsm-pkcs11.cfg", "/opt/cloudhsm/run/cloudhsm-pkcs11.log");
}
