using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CommandLine;

/// <summary>./strongroom before it does anything: help, refusals, and what it says on a machine without the SDK.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public static TheoryData<string> Commands => new(
        "", "quickstart", "up", "stop", "status", "logs", "ceremony", "ceremony create", "ceremony certify", "cluster", "cluster create", "cluster csr", "cluster certificates", "cluster initialize",
        "cluster activate", "cluster describe", "cluster create-user", "cluster list-users", "cluster delete-user", "cluster change-password");

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_ends_with_an_example_of_that_very_command(string command)
    {
        var help = Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).MustSucceed().Output;

        Assert.Contains("Example:\n  strongroom " + command, help, StringComparison.Ordinal);
    }

    [Fact]
    public void Passwords_can_not_be_given_as_arguments()
    {
        foreach (var command in Commands.Select(row => row.Data))
        {
            Assert.DoesNotMatch("--(password|pin|code|passphrase)(?!-file|-stdin)[ =]", Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Output);
        }
    }

    [Fact]
    public void An_unknown_command_is_an_error() => Run("frobnicate").MustFail("frobnicate");

    [Fact]
    public void A_directory_that_is_no_deployment_is_named_and_not_created()
    {
        var missing = _scratch["nothing"];

        Run("up", "--dir", missing).MustFail("quickstart --dir " + missing);
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public void Without_the_SDK_it_says_where_to_get_it()
    {
        foreach (var tool in (string[])["bash", "dirname", "readlink", "env", "tr"])
        {
            File.CreateSymbolicLink(_scratch[tool], $"/usr/bin/{tool}");
        }

        var failed = Programs.Run(Script, ["quickstart", "--dir", _scratch["dir"]], new Dictionary<string, string> { ["PATH"] = _scratch.Folder }).MustFail("Microsoft's .NET download page");
        Assert.Contains("dotnet-sdk-10.0", failed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void When_nothing_changed_it_does_not_build()
    {
        Run("--version").MustSucceed();
        var built = LastBuilt();

        var again = Run("--version").MustSucceed();

        Assert.Equal(built, LastBuilt());
        Assert.DoesNotContain("built", again.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private static DateTime LastBuilt() => File.GetLastWriteTimeUtc(Path.Combine(Programs.Repository, "artifacts", "strongroom", ".built"));

    private static string Script => Path.Combine(Programs.Repository, "strongroom");

    private static Finished Run(params string[] arguments) => Programs.Run(Script, arguments, within: TimeSpan.FromMinutes(4));
}
