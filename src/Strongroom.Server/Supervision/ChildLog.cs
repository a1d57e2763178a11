using System.Text;

namespace Strongroom.Server.Supervision;

/// <summary>Appends what a program writes to a file, which is renamed to <c>….1</c> when it is full, and remembers the last line as the likely cause of an end.</summary>
internal sealed class ChildLog(string path)
{
    private const long LargestFile = 16 << 20;
    private const int LongestLine = 512;

    // Taken by the two pumps of standard output and error; guards the file and the last line.
    private readonly Lock _lock = new();
    private readonly StringBuilder _line = new();
    private string _lastLine = "";

    /// <summary>The last line that was not empty, at most 512 characters.</summary>
    public string LastLine
    {
        get
        {
            lock (_lock)
            {
                return _line.Length > 0 ? _line.ToString() : _lastLine;
            }
        }
    }

    public void Forget()
    {
        lock (_lock)
        {
            _line.Clear();
            _lastLine = "";
        }
    }

    /// <summary>Copies until the writer's end is closed. A full disk loses log lines; it never stops the program that writes them.</summary>
    public async Task PumpAsync(Stream source)
    {
        var buffer = new byte[8192];
        for (int read; (read = await source.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            lock (_lock)
            {
                Remember(buffer.AsSpan(0, read));
                Append(buffer.AsSpan(0, read));
            }
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using (var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0))
            {
                stream.Write(bytes);
                if (stream.Position < LargestFile)
                {
                    return;
                }
            }

            File.Move(path, path + ".1", overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _lastLine = $"(log not written: {error.Message})";
        }
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        foreach (var character in Encoding.UTF8.GetString(bytes))
        {
            if (character == '\n')
            {
                _lastLine = _line.Length > 0 ? _line.ToString() : _lastLine;
                _line.Clear();
            }
            else if (_line.Length < LongestLine)
            {
                _line.Append(character);
            }
        }
    }
}
