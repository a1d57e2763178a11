using System.Diagnostics;
using System.Globalization;

namespace Strongroom.Audit.Tests.Crashes;

/// <summary>The writer in a process of its own, to be killed.</summary>
internal sealed class WriterProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private readonly List<(ulong Thread, ulong Number)> _acknowledged = [];

    public WriterProcess(string folder, string mode, int threads, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Strongroom.Audit.Writer")) { RedirectStandardOutput = true };
        foreach (var argument in new[] { folder, mode, threads.ToString(CultureInfo.InvariantCulture) })
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Waits until it acknowledges, lets it run, kills it (SIGKILL) and returns what it had acknowledged.</summary>
    public async Task<IReadOnlyList<(ulong Thread, ulong Number)>> KillAfterAsync(TimeSpan running)
    {
        await AcknowledgesAsync();
        await Task.Delay(running);
        return await KillAsync();
    }

    /// <summary>Waits until it acknowledges and until the condition holds; then as <see cref="KillAfterAsync"/>.</summary>
    public async Task<IReadOnlyList<(ulong Thread, ulong Number)>> KillWhenAsync(Func<bool> condition)
    {
        await AcknowledgesAsync();
        for (var i = 0; !condition() && !_process.HasExited; i++)
        {
            Assert.True(i < 6000, "the moment to kill the writer did not come within 60 seconds");
            await Task.Delay(10);
        }

        return await KillAsync();
    }

    private async Task AcknowledgesAsync()
    {
        for (var i = 0; i < 6000 && !_process.HasExited; i++)
        {
            lock (_acknowledged)
            {
                if (_acknowledged.Count > 0)
                {
                    break;
                }
            }

            await Task.Delay(10);
        }
    }

    private async Task<IReadOnlyList<(ulong Thread, ulong Number)>> KillAsync()
    {
        Assert.False(_process.HasExited, "the writer ended by itself");
        _process.Kill();
        await _process.WaitForExitAsync();
        await _reading;
        Assert.NotEmpty(_acknowledged);
        return _acknowledged;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        // A last line without its end was not acknowledged: it would be a reply that was cut.
        var rest = "";
        var buffer = new char[1 << 16];
        for (int n; (n = await _process.StandardOutput.ReadAsync(buffer)) > 0;)
        {
            var lines = (rest + new string(buffer, 0, n)).Split('\n');
            rest = lines[^1];
            lock (_acknowledged)
            {
                _acknowledged.AddRange(lines[..^1].Select(l => l.Split(' ')).Select(p => (ulong.Parse(p[0], CultureInfo.InvariantCulture), ulong.Parse(p[1], CultureInfo.InvariantCulture))));
            }
        }
    }
}
