using System.Diagnostics;
using System.Text;
using Strongroom.Client;
using Strongroom.Node.Start;
using Strongroom.Wire;

namespace Strongroom.Node;

/// <summary>The real executable, started as its launcher starts it.</summary>
internal sealed class HsmProcess : IAsyncDisposable
{
    /// <summary>The executable beside the tests.</summary>
    public static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "strongroom-hsm");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private HsmProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

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

    public static HsmProcess Start(string[] arguments, params (string Name, string Value)[] environment) => StartProgram(Executable, arguments, environment);

    /// <summary>Starts another build of the executable.</summary>
    public static HsmProcess StartProgram(string executable, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment.Clear();
        foreach (var (name, value) in ClosedStart.CleanEnvironment())
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new HsmProcess(Process.Start(start)!);
    }

    /// <summary>Starts an HSM and waits until its control socket answers.</summary>
    public static async Task<HsmProcess> RunAsync(string state)
    {
        var process = Start(["run", "--state", state, "--exit-with-parent"]);
        await process.WaitForAsync(state, _ => true);
        return process;
    }

    /// <summary>Looks for what debuggers come in by: the sockets and pipes of a running process' .NET runtime. Their names have its id and, since ids come again and a killed process leaves its own behind, the time of its start (field 22 of proc(5)'s stat).</summary>
    /// <returns>looks for those of a kind, also after the process has ended</returns>
    public static Func<string, IEnumerable<string>> DoorsOf(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var started = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        return kind => Directory.EnumerateFileSystemEntries("/tmp", $"{kind}-{process}-{started}-*");
    }

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int Code, string Error)> DoAsync(string[] arguments, string? input = null, params (string Name, string Value)[] environment)
    {
        await using var process = Start(arguments, environment);
        if (input is not null)
        {
            await process._process.StandardInput.WriteAsync(input);
        }

        process._process.StandardInput.Close();
        return (await process.ExitAsync(), process.Log);
    }

    /// <summary>Waits for a place in life.</summary>
    public async Task<DescribeHsmReply> WaitForAsync(string state, Func<DescribeHsmReply, bool> reached, Func<bool>? hasExited = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            await using var control = new ControlClient(Path.Combine(state, "control.sock"));
            try
            {
                var description = await control.DescribeAsync();
                if (reached(description))
                {
                    return description;
                }
            }
            catch (HsmUnreachableException) when (!(hasExited?.Invoke() ?? _process.HasExited))
            {
            }

            Assert.True(watch.Elapsed < Patience, $"not reached; the log: {Log}");
            await Task.Delay(20);
        }
    }

    public void CloseInput() => _process.StandardInput.Close();

    public void Kill() => _process.Kill();

    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{_process.Id}"]).WaitForExit();

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
