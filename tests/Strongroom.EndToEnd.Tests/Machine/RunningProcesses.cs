using System.Globalization;

namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>Processes by their command line, from /proc.</summary>
public static class RunningProcesses
{
    /// <summary>The processes whose command line has all of <paramref name="words"/>, and that are not mere zombies.</summary>
    public static int[] With(params string[] words) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           let name = Path.GetFileName(folder)
           where name.All(char.IsAsciiDigit) && int.Parse(name, CultureInfo.InvariantCulture) != Environment.ProcessId
           let commandLine = Read(Path.Combine(folder, "cmdline"))
           where words.All(word => commandLine.Contains(word, StringComparison.Ordinal))
           select int.Parse(name, CultureInfo.InvariantCulture),
    ];

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
