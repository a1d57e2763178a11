using System.Runtime.InteropServices;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;

namespace Strongroom.Server.Supervision;

/// <summary>
/// How an HSM process is started: with the environment that we set and nothing else. A foreign DOTNET_*, LD_* or OPENSSL_CONF could load code into it or
/// open its diagnostic port to any program of the same user.
/// </summary>
internal static class HsmLauncher
{
    public static ChildProgram Program(Layout layout, HsmId hsm) =>
        new(hsm.Value, InstalledPrograms.Hsm, ["run", "--state", layout.Hsm(hsm), "--exit-with-parent"], CleanEnvironment(), layout.HsmLog(hsm));

    public static IReadOnlyDictionary<string, string> CleanEnvironment()
    {
        var clean = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["HOME"] = "/nonexistent",
            ["LANG"] = "C",
            ["GLIBC_TUNABLES"] = "glibc.malloc.tcache_count=0",
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
            ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "64",
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_TieredPGO"] = "1",
        };
        if (ForeignRuntime() is { } runtime)
        {
            clean["DOTNET_ROOT"] = runtime;
        }

        return clean;
    }

    // The .NET host looks in its registered places by itself; a runtime elsewhere (a home directory) must be named.
    private static string? ForeignRuntime()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string[] registered = File.Exists("/etc/dotnet/install_location") ? [File.ReadAllText("/etc/dotnet/install_location").Trim(), "/usr/share/dotnet"] : ["/usr/share/dotnet", "/usr/lib/dotnet"];
        return registered.Any(place => Path.TrimEndingDirectorySeparator(place) == root) ? null : root;
    }
}
