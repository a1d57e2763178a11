using System.Runtime.InteropServices;
using Strongroom.Cli.Configuration;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli;

/// <summary>One executable under four names, as CloudHSM's tools are four: cloudhsm-cli, configure-cli, configure-pkcs11 and configure-dyn.</summary>
internal static partial class Program
{
    private static async Task<int> Main(string[] args)
    {
        try
        {
            return await RunAsync(args).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Where nothing could be printed (a full disk, a closed pipe), or the connections could not be closed.
            await Console.Error.WriteLineAsync($"{CalledAs()}: {e}").ConfigureAwait(false);
            return 1;
        }
    }

    private static Task<int> RunAsync(string[] args) => CalledAs() switch
    {
        "configure-cli" => ConfigureTool.RunAsync(Component.Cli, args),
        "configure-pkcs11" => ConfigureTool.RunAsync(Component.Pkcs11, args),
        "configure-dyn" => ConfigureTool.RunAsync(Component.OpenSslEngine, args),
        _ => CommandsAsync(args),
    };

    // It trusts the customer's CA alone. The runtime would read all the roots of the machine nonetheless before it judges any certificate: three quarters of a command's CPU time.
    // These are OpenSSL's own names for where they are (X509_get_default_cert_dir_env).
    private static Task<int> CommandsAsync(string[] args)
    {
        _ = SetVariable("SSL_CERT_DIR", "/dev/null", 1);
        _ = SetVariable("SSL_CERT_FILE", "/dev/null", 1);
        return CommandLineRun.RunAsync(args);
    }

    // The process's own environment, which libcrypto reads; the runtime's is a copy.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    // The runtime tells where the program's code is, not how it was called; a program compiled ahead of time and one that is not then behave alike.
    private static string CalledAs() => Path.GetFileName(File.ReadAllText("/proc/self/cmdline").Split('\0')[0]);
}
