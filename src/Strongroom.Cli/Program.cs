using Strongroom.Cli.Configuration;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli;

/// <summary>One executable under three names, as CloudHSM's tools are three: cloudhsm-cli, configure-cli and configure-pkcs11.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => CalledAs() switch
    {
        "configure-cli" => ConfigureTool.RunAsync(Component.Cli, args),
        "configure-pkcs11" => ConfigureTool.RunAsync(Component.Pkcs11, args),
        _ => CommandLineRun.RunAsync(args),
    };

    // The runtime tells where the program's code is, not how it was called; a program compiled ahead of time and one that is not then behave alike.
    private static string CalledAs() => Path.GetFileName(File.ReadAllText("/proc/self/cmdline").Split('\0')[0]);
}
