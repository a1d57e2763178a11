using Strongroom.Server.Deployment;

namespace Strongroom.Server.Tests.Deployment;

public sealed class LayoutTests
{
    [Fact]
    public void A_directory_under_which_a_socket_does_not_fit_is_refused_with_the_reason()
    {
        var refused = Assert.Throws<RefusalException>(() => new Layout("/" + new string('x', 80)));

        Assert.Contains("too long", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_are_absolute_whatever_was_given() => Assert.Equal(Path.Combine(Environment.CurrentDirectory, "x", "env"), new Layout("x/").EnvironmentFile);
}
