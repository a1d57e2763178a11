using Strongroom.Cli.Interactive;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Tests.Interactive;

/// <summary>The line being typed, its history, and how it falls into words.</summary>
public sealed class EditingTests
{
    [Fact]
    public void Keys_edit_and_the_history_comes_back()
    {
        var history = new History();
        history.Add("user list");
        history.Add("key list");
        var line = new EditedLine(history);
        Type(line, "ab");
        Press(line, ConsoleKey.LeftArrow);
        Type(line, "X");
        Assert.Equal(("aXb", 2), (line.Text, line.Cursor));
        Press(line, ConsoleKey.UpArrow);
        Press(line, ConsoleKey.UpArrow);
        Press(line, ConsoleKey.UpArrow);
        Assert.Equal("user list", line.Text);
        Press(line, ConsoleKey.W, control: true);
        Assert.Equal("user ", line.Text);
        Press(line, ConsoleKey.DownArrow);
        Press(line, ConsoleKey.DownArrow);
        Assert.Equal("aXb", line.Text);
        Press(line, ConsoleKey.A, control: true);
        Press(line, ConsoleKey.Delete);
        Press(line, ConsoleKey.K, control: true);
        Assert.Equal("", line.Text);
    }

    [Theory]
    [InlineData("user create --username a --role admin --password secret-1")]
    [InlineData("login --password=secret-1")]
    [InlineData("cluster activate --activation-code ABCD")]
    public void Secrets_are_not_kept(string line)
    {
        var history = new History();
        history.Add(line);
        Assert.Equal(0, history.Count);
    }

    [Theory]
    [InlineData("key list --filter attr.label=\"my key\"", "key|list|--filter|attr.label=my key")]
    [InlineData("a 'b \"c\"' d\\ e \"f\\\"g\\n\"", "a|b \"c\"|d e|f\"g\\n")]
    [InlineData("  ", "")]
    [InlineData("a ''", "a|")]
    public void Words_are_split_as_a_shell_splits_them(string line, string words) => Assert.Equal(words, string.Join('|', WordSplitter.Split(line)));

    [Fact]
    public void An_open_quotation_mark_is_refused() => Assert.Throws<CommandRefusedException>(() => WordSplitter.Split("a 'b"));

    private static void Type(EditedLine line, string text)
    {
        foreach (var letter in text)
        {
            line.Apply(new ConsoleKeyInfo(letter, ConsoleKey.NoName, shift: false, alt: false, control: false));
        }
    }

    private static void Press(EditedLine line, ConsoleKey key, bool control = false) => line.Apply(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control));
}
