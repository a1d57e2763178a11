namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>A program that has ended.</summary>
/// <param name="Command">what was run, for messages</param>
/// <param name="ExitCode">128 + n if signal n ended it</param>
/// <param name="Output">standard output</param>
/// <param name="Errors">standard error</param>
public sealed record Finished(string Command, int ExitCode, string Output, string Errors)
{
    /// <summary>Fails the test, with everything the program said, unless it ended well.</summary>
    public Finished MustSucceed()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Command}\n{Output}\n{Errors}");
        return this;
    }

    /// <summary>Fails the test if the program ended well, or did not say <paramref name="why"/>.</summary>
    public Finished MustFail(string why)
    {
        Assert.True(ExitCode != 0, $"succeeded: {Command}\n{Output}\n{Errors}");
        Assert.Contains(why, Output + Errors, StringComparison.OrdinalIgnoreCase);
        return this;
    }
}
