using System.Diagnostics;

namespace Strongroom.Bench;

/// <summary>A fresh SoftHSM2 token in a directory of its own; gone when disposed.</summary>
internal sealed class SoftHsm : IDisposable
{
    private const string ModulePath = "/usr/lib/softhsm/libsofthsm2.so";
    private readonly string _directory;

    private SoftHsm(string directory, Subject subject) => (_directory, Subject) = (directory, subject);

    public Subject Subject { get; }

    /// <summary>Null, with a word why, where SoftHSM2 is not installed.</summary>
    public static SoftHsm? Prepare(string directory)
    {
        if (!File.Exists(ModulePath))
        {
            Progress.Say($"SoftHSM2 is not there ({ModulePath}): its columns stay empty");
            return null;
        }

        var tokens = Directory.CreateDirectory(Path.Combine(directory, "tokens"));
        var configuration = Path.Combine(directory, "softhsm2.conf");
        File.WriteAllText(configuration, $"directories.tokendir = {tokens.FullName}\nobjectstore.backend = file\nlog.level = ERROR\n");
        var environment = new Dictionary<string, string> { ["SOFTHSM2_CONF"] = configuration };
        var start = new ProcessStartInfo("softhsm2-util", "--init-token --free --label bench --so-pin 12345678 --pin 12345678") { RedirectStandardOutput = true };
        start.Environment["SOFTHSM2_CONF"] = configuration;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return new SoftHsm(directory, new Subject("SoftHSM2", ModulePath, "bench", "12345678", HsmProcess: null, environment));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
