using System.Runtime.InteropServices;
using System.Text;

namespace Strongroom.Node.Attacks;

/// <summary>
/// Looks for planted secrets in any bytes: a process's memory, its files, its log. Eight bytes of a secret in a row are a find, wherever in it they begin; so are its reverse (libcrypto keeps numbers little-endian)
/// and its text in UTF-16, hexadecimal and base64, of which sixteen characters count.
/// </summary>
internal sealed class SecretScan
{
    private const int Window = 8;
    private const int TextWindow = 16;
    private const int FilterBits = 20;

    // What starts a find, and a filter before it that almost every position fails.
    private readonly Dictionary<ulong, List<(string Name, byte[] Bytes)>> _starts = [];
    private readonly bool[] _filter = new bool[1 << FilterBits];

    /// <summary>Plants a secret of random bytes.</summary>
    public byte[] Plant(string name, int length) => Plant(name, System.Security.Cryptography.RandomNumberGenerator.GetBytes(length));

    /// <summary>Plants a password of 32 random characters.</summary>
    public byte[] PlantPassword(string name) => Plant(name, Encoding.ASCII.GetBytes(System.Security.Cryptography.RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_+!", 32)));

    /// <summary>Plants a given secret.</summary>
    public byte[] Plant(string name, byte[] secret)
    {
        Add(name, secret, Window);
        Add($"{name}, reversed", [.. secret.Reverse()], Window);
        Add($"{name} in UTF-16", Encoding.Unicode.GetBytes(Encoding.Latin1.GetString(secret)), TextWindow);
        Add($"{name} in hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(secret)), TextWindow);
        Add($"{name} in hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(secret)), TextWindow);
        Add($"{name} in base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(secret)), TextWindow);
        return secret;
    }

    /// <summary>Looks through bytes.</summary>
    /// <param name="content">what is looked through</param>
    /// <param name="found">is told of each find: the secret's name and where in the content it is</param>
    public void Look(ReadOnlySpan<byte> content, Action<string, int> found)
    {
        for (var at = 0; at <= content.Length - Window; at++)
        {
            var start = MemoryMarshal.Read<ulong>(content[at..]);
            if (!_filter[Slot(start)] || !_starts.TryGetValue(start, out var candidates))
            {
                continue;
            }

            foreach (var (name, bytes) in candidates)
            {
                if (content[at..].StartsWith(bytes))
                {
                    found(name, at);
                    at += bytes.Length - 1;
                    break;
                }
            }
        }
    }

    /// <summary>Looks through every file below a folder.</summary>
    /// <returns>what was found where</returns>
    public List<string> LookThrough(string folder)
    {
        var finds = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Device }))
        {
            // A socket, or a file that is empty and only there to be locked.
            if (new FileInfo(file).Length == 0)
            {
                continue;
            }

            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            Look(content, (name, at) => finds.Add($"{name} in {file} at {at}"));
        }

        return finds;
    }

    private static int Slot(ulong start) => (int)((start * 0x9E3779B97F4A7C15) >> (64 - FilterBits));

    private void Add(string name, byte[] form, int window)
    {
        for (var at = 0; at + window <= form.Length; at++)
        {
            var bytes = form[at..(at + window)];
            var start = BitConverter.ToUInt64(bytes);
            _filter[Slot(start)] = true;
            if (!_starts.TryGetValue(start, out var candidates))
            {
                _starts[start] = candidates = [];
            }

            candidates.Add((name, bytes));
        }
    }
}
