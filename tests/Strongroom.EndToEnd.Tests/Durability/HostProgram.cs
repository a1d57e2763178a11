using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>Builds tests/faults/host.c with a fault linked in: a program that runs strongroom-hsm.dll and stands between it and the kernel.</summary>
internal static class HostProgram
{
    /// <returns>the words before the HSM's own arguments</returns>
    public static string[] Build(string output, string fault, Deployment deployment, params (string Name, string Value)[] settings)
    {
        var resolver = Assert.Single(Directory.GetFiles(Path.Combine(OwnHsm.Runtime, "host", "fxr", System.Environment.Version.ToString()), "libhostfxr.so"));
        var faults = Path.Combine(Programs.Repository, "tests", "faults");
        Programs.Run("cc",
        [
            "-O1", "-rdynamic", "-pthread", "-o", output, Path.Combine(faults, "host.c"), Path.Combine(faults, fault), "-ldl", "-Wl,--no-as-needed", "-lm", // SQLite takes libm for granted, as .NET's own host has it
            Define("HOSTFXR", resolver), Define("DOTNET_ROOT_DIRECTORY", OwnHsm.Runtime), .. settings.Select(setting => Define(setting.Name, setting.Value)),
        ]).MustSucceed();
        var program = File.ResolveLinkTarget(Path.Combine(deployment.Dir, "bin", "strongroom-hsm"), returnFinalTarget: true)!.FullName;
        return [output, program + ".dll"];
    }

    private static string Define(string name, string value) => $"-D{name}=\"{value}\"";
}
