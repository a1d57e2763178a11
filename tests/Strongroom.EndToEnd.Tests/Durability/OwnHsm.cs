using System.Diagnostics;
using System.Text;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>
/// The HSM of a deployment, run by the test itself instead of the supervisor, which waits longer after each death. Whatever program runs it, it gets the clean environment that the HSM insists on.
/// </summary>
internal sealed class OwnHsm : IDisposable
{
    private readonly Deployment _deployment;
    private readonly string[] _command;
    private readonly StringBuilder _log = new();
    private Process? _process;

    /// <summary>Starts it.</summary>
    /// <param name="deployment">stopped; it stays so</param>
    /// <param name="program">what runs the HSM: its own program if none is given; the arguments of the HSM come after these words</param>
    public OwnHsm(Deployment deployment, params string[] program)
    {
        _deployment = deployment;
        State = Assert.Single(Directory.GetDirectories(Path.Combine(deployment.Dir, "hsms")));
        _command = [.. program.Length == 0 ? [Path.Combine(deployment.Dir, "bin", "strongroom-hsm")] : program, "run", "--state", State, "--exit-with-parent"];
        Start();
    }

    /// <summary>Its state directory.</summary>
    public string State { get; }

    /// <summary>What it said, in all its lives.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    public void Start()
    {
        var start = new ProcessStartInfo(_command[0], _command[1..]) { RedirectStandardInput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in Clean)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Waits for one of the states of <c>strongroom status</c>; returns the cause that is shown beside it.</summary>
    public string WaitFor(params string[] states)
    {
        for (var began = Stopwatch.GetTimestamp(); ; Thread.Sleep(20))
        {
            var hsm = _deployment.OnlyHsm();
            if (states.Contains(hsm.GetProperty("state").GetString()))
            {
                return hsm.GetProperty("cause").GetString()!;
            }

            Assert.True(!_process!.HasExited && Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(1), $"not {string.Join(" or ", states)}; the HSM said: {Log}");
        }
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }
    }

    // As the supervisor's launcher sets it.
    private static Dictionary<string, string> Clean { get; } = new()
    {
        ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin",
        ["HOME"] = "/nonexistent",
        ["LANG"] = "C",
        ["GLIBC_TUNABLES"] = "glibc.malloc.tcache_count=0",
        ["DOTNET_EnableDiagnostics"] = "0",
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_ROOT"] = Runtime,
    };

    /// <summary>Where .NET is installed.</summary>
    public static string Runtime => Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
}
