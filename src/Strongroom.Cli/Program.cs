using Strongroom.Cli.Configuration;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli;

/// <summary>One executable under four names, as CloudHSM's tools are four: cloudhsm-cli, configure-cli, configure-pkcs11 and configure-dyn.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => CalledAs() switch
    {
        "configure-cli" => ConfigureTool.RunAsync(Component.Cli, args),
        "configure-pkcs11" => ConfigureTool.RunAsync(Component.Pkcs11, args),
        "configure-dyn" => ConfigureTool.RunAsync(Component.OpenSslEngine, args),
        _ => CommandLineRun.RunAsync(args),
    };

    // The runtime tells where the program's code is, not how it was called; a program compiled ahead of time and one that is not then behave alike.
    private static string CalledAs() => Path.GetFileName(File.ReadAllText("/proc/self/cmdline").Split('\0')[0]);
}
