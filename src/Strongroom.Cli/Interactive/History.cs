namespace Strongroom.Cli.Interactive;

/// <summary>The lines typed before, newest last. It lives as long as the program; a line with a secret in it is not kept.</summary>
internal sealed class History
{
    private const int Capacity = 1000;
    private static readonly string[] SecretOptions = ["--password", "--change-password", "--activation-code", "--passphrase"];
    private readonly List<string> _lines = [];

    public int Count => _lines.Count;

    public string this[int index] => _lines[index];

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || SecretOptions.Any(option => line.Contains(option, StringComparison.Ordinal)) || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        if (_lines.Count == Capacity)
        {
            _lines.RemoveAt(0);
        }

        _lines.Add(line);
    }
}
