using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;

namespace Strongroom.Server.Tests.Deployment;

public sealed class DeploymentFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private Layout Layout => new(_folder.Path);

    [Fact]
    public void A_directory_without_the_file_is_an_empty_deployment() => Assert.Empty(DeploymentFile.Read(Layout).Clusters);

    [Fact]
    public void Changes_of_many_at_once_are_all_kept()
    {
        Parallel.For(0, 40, _ => DeploymentFile.Change(Layout, record => record with { Clusters = [.. record.Clusters, new ClusterRecord(ClusterId.New().Value, "FIPS", default)] }));

        Assert.Equal(40, DeploymentFile.Read(Layout).Clusters.DistinctBy(cluster => cluster.Cluster).Count());
    }

    [Fact]
    public void A_newer_format_is_refused_and_left_alone()
    {
        const string Newer = """{"format":2,"clusters":[],"hsms":[]}""";
        File.WriteAllText(Layout.DeploymentFile, Newer);

        Assert.Contains("format 2", Assert.Throws<RefusalException>(() => DeploymentFile.Change(Layout, record => record)).Message, StringComparison.Ordinal);
        Assert.Equal(Newer, File.ReadAllText(Layout.DeploymentFile));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"format":1}""")]
    public void A_file_that_is_not_whole_is_refused_by_name(string text)
    {
        File.WriteAllText(Layout.DeploymentFile, text);

        Assert.Contains(Layout.DeploymentFile, Assert.Throws<RefusalException>(() => DeploymentFile.Read(Layout)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
