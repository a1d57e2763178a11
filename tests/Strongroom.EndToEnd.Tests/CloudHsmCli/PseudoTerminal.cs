using System.Diagnostics;
using System.Text;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>A program on a terminal of its own (util-linux's script makes it), which a test types into and reads.</summary>
internal sealed class PseudoTerminal : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _text = new();
    private int _seen;

    public PseudoTerminal(string command, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("script", ["-q", "-e", "-c", command, "/dev/null"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["TERM"] = "xterm";
        _process = Process.Start(start)!;
        _ = ReadAsync();
    }

    /// <summary>Everything that was shown.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public void Type(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits until a text is shown after what was waited for before.</summary>
    public void Await(string text)
    {
        Waiting.Until(() => Text.IndexOf(text, _seen, StringComparison.Ordinal) >= 0, $"'{text}' after: {Text[_seen..]}");
        _seen = Text.IndexOf(text, _seen, StringComparison.Ordinal) + text.Length;
    }

    public int AwaitEnd()
    {
        Assert.True(_process.WaitForExit(Patience), Text);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        for (int read; (read = await _process.StandardOutput.ReadAsync(buffer)) > 0;)
        {
            lock (_text)
            {
                _text.Append(buffer, 0, read);
            }
        }
    }
}
