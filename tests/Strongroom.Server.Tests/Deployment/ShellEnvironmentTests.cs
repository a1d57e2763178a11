using System.Diagnostics;
using Strongroom.Server.Deployment;

namespace Strongroom.Server.Tests.Deployment;

public sealed class ShellEnvironmentTests
{
    [Theory]
    [InlineData("/plain/path")]
    [InlineData("with space")]
    [InlineData("it's $HOME `id` \"quoted\" \\ & ; | * ?")]
    [InlineData("")]
    [InlineData("ünïcode\nand a line")]
    public void A_quoted_word_reaches_the_shell_unchanged(string text)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"printf %s {ShellEnvironment.Quote(text)}"]) { RedirectStandardOutput = true })!;

        Assert.Equal(text, shell.StandardOutput.ReadToEnd());
    }
}
