namespace Strongroom.Crypto.Tests.Testing;

public sealed class SelfTestsTests
{
    public static TheoryData<string> Names => [.. SelfTests.All.Select(test => test.Name)];

    [Fact]
    public void All_pass_on_this_machine() => Assert.Equal(SelfTests.All.Count, SelfTests.Run());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_answer_is_named(string name)
    {
        var test = SelfTests.All.Single(test => test.Name == name);
        var wrong = test with { Expected = (test.Expected[0] == '0' ? '1' : '0') + test.Expected[1..] };
        var failure = Assert.Throws<SelfTestException>(wrong.Run);
        Assert.Equal(name, failure.Test);
        Assert.Contains(test.Source, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_computation_that_breaks_is_a_failed_test()
    {
        var failure = Assert.Throws<SelfTestException>(new KnownAnswer("broken", "nowhere", "00", () => throw new CryptoException("out of order")).Run);
        Assert.Contains("out of order", failure.Message, StringComparison.Ordinal);
    }
}
