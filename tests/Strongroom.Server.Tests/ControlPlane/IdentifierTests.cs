using System.Text.RegularExpressions;
using Strongroom.Server.ControlPlane;

namespace Strongroom.Server.Tests.ControlPlane;

public sealed class IdentifierTests
{
    [Fact]
    public void New_ids_are_what_AWS_calls_ids()
    {
        for (var i = 0; i < 1000; i++)
        {
            Assert.Matches(new Regex("^cluster-[2-7a-zA-Z]{11,16}$"), ClusterId.New().Value);
            Assert.Matches(new Regex("^hsm-[2-7a-zA-Z]{11,16}$"), HsmId.New().Value);
        }
    }

    [Theory]
    [InlineData("cluster-short")]
    [InlineData("cluster-abcdefghij1")]
    [InlineData("cluster-../../../etc")]
    [InlineData("cluster-abcdefghijk\n")]
    [InlineData("hsm-abcdefghijk")]
    [InlineData("")]
    public void What_is_no_cluster_id_is_refused(string text) => Assert.Throws<RefusalException>(() => ClusterId.Parse(text));
}
