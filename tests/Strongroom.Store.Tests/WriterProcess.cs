using System.Diagnostics;
using System.Globalization;

namespace Strongroom.Store.Tests;

/// <summary>A <see cref="Writer"/> in a process of its own, to be killed.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    // Filled by the reading task; looked at after it has ended.
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WriterProcess(string folder, string hsm, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["write", folder, hsm]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        _process = Process.Start(start)!;
        _reading = Task.Run(async () =>
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                _lines.Add(line);
                _first.TrySetResult();
            }
        });
    }

    /// <summary>Waits for the first acknowledgement.</summary>
    public Task StartedAsync(CancellationToken cancel) => Task.WhenAny(_first.Task, _reading).WaitAsync(TimeSpan.FromSeconds(60), cancel);

    /// <summary>kill -9, and what was acknowledged until then: paths, and the highest sequence.</summary>
    public async Task<(List<string> Paths, ulong Sequence)> KillAsync(CancellationToken cancel)
    {
        Assert.False(_process.HasExited, "the writer has ended on its own");
        _process.Kill();
        await _process.WaitForExitAsync(cancel);
        await _reading;
        var said = _lines.Select(line => line.Split(' ')).Where(parts => parts.Length == 2).ToList();
        return ([.. said.Select(parts => parts[0])], said.Select(parts => ulong.Parse(parts[1], CultureInfo.InvariantCulture)).DefaultIfEmpty().Max());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }
}
