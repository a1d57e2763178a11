namespace Strongroom.Node.CommandLine;

public sealed class ArgumentsTests
{
    [Fact]
    public void Run_is_the_verb_when_there_is_none()
    {
        var parsed = Arguments.Parse(["--state", "x", "--exit-with-parent"]);
        Assert.Equal(("run", "x", true), (parsed.Verb, parsed["--state"], parsed.Has("--exit-with-parent")));
    }

    [Theory]
    [InlineData("serve", "serve")]
    [InlineData("run", "--state")]
    [InlineData("run --state", "--state")]
    [InlineData("run --state a --state b", "--state")]
    [InlineData("run --state a --passphrase-stdin", "--passphrase-stdin")]
    [InlineData("unseal --state a --exit-with-parent", "--exit-with-parent")]
    public void What_is_unknown_missing_or_given_twice_is_named(string line, string named) =>
        Assert.Contains(named, Assert.Throws<UsageException>(() => Arguments.Parse(line.Split(' '))).Message, StringComparison.Ordinal);
}
