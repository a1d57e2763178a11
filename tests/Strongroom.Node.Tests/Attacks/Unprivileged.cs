using System.Diagnostics;

namespace Strongroom.Node.Attacks;

/// <summary>The user as whom an HSM and its attacker run: whoever runs the tests, or nobody when that is root, from whom nothing is closed.</summary>
internal static class Unprivileged
{
    private const string Nobody = "65534";
    private static readonly string[] Become = ["/usr/bin/setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", "--"];

    /// <summary>A program and its arguments as this user runs it.</summary>
    public static string[] Command(params string[] command) => Environment.IsPrivilegedProcess ? [.. Become, .. command] : command;

    /// <summary>Lets the user have a folder.</summary>
    public static void Give(string folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Process.Start("chown", ["-R", $"{Nobody}:{Nobody}", folder]).WaitForExit();
        }
    }

    /// <summary>Starts a program.</summary>
    public static Process Start(string folder, params string[] command)
    {
        var whole = Command(command);
        var start = new ProcessStartInfo(whole[0], whole[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>its output's lines</returns>
    public static async Task<string[]> RunAsync(string folder, params string[] command)
    {
        using var process = Start(folder, command);
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
