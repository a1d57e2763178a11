using Strongroom.Cli.Configuration;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli;

/// <summary>One executable under three names, as CloudHSM's tools are three: cloudhsm-cli, configure-cli and configure-pkcs11.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => Path.GetFileName(Environment.GetCommandLineArgs()[0]) switch
    {
        "configure-cli" => ConfigureTool.RunAsync(Component.Cli, args),
        "configure-pkcs11" => ConfigureTool.RunAsync(Component.Pkcs11, args),
        _ => CommandLineRun.RunAsync(args),
    };
}
