using Strongroom.Cli.Keys;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Tests.Keys;

/// <summary>The conditions of `key find` and what is sent to the HSM for them.</summary>
public sealed class ConditionTests
{
    [Theory]
    [InlineData("label = web", "Equal")]
    [InlineData("label != 'and'", "Equal Not")]
    [InlineData("sign", "Equal")]
    [InlineData("sensitive = false", "Equal Present Not Or")]
    [InlineData("extractable", "Equal Present Not Or")]
    [InlineData("key-type = ec", "Equal Equal Or")]
    [InlineData("id", "Present")]
    [InlineData("label = a or label = b and sign", "Equal Equal Equal And Or")]
    [InlineData("(label = a or label = b) and not sign", "Equal Equal Or Equal Not And")]
    [InlineData("curve in (secp256r1, 'secp384r1')", "Equal Equal Or")]
    [InlineData("key-length-bytes >= 16", "Present Below Not And")]
    [InlineData("end-date<2027-01-01", "Below")]
    [InlineData("label like \"it''s \"\"x\"\"*\"", "Like")]
    public void What_is_written_becomes_these_steps(string text, string steps) =>
        Assert.Equal(steps, string.Join(' ', Condition.Parse(text).ToArray().Select(step => ((QueryOperator)step.Operator).ToString())));

    [Theory]
    [InlineData("", "the name of an attribute")]
    [InlineData("label =", "a value")]
    [InlineData("label = a b", "and, or, or the end")]
    [InlineData("(label = a", ")")]
    [InlineData("label = 'a", "not closed")]
    [InlineData("colour = red", "no attribute colour")]
    [InlineData("sign like x", "no text")]
    [InlineData("label < x", "no order")]
    [InlineData("sign = maybe", "true or false")]
    [InlineData("end-date < tomorrow", "YYYY-MM-DD")]
    [InlineData("unwrap-template = x", "can't be searched")]
    public void What_is_wrong_is_named(string text, string words) => Assert.Contains(words, Assert.Throws<CommandRefusedException>(() => Condition.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Depth_is_bounded()
    {
        Assert.Throws<CommandRefusedException>(() => Condition.Parse(new string('(', 2000) + "sign" + new string(')', 2000)));
        Assert.Throws<CommandRefusedException>(() => Condition.Parse(string.Concat(Enumerable.Repeat("not ", 1000)) + "sign"));
    }
}
