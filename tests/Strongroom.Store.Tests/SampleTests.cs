using Strongroom.Store.Heads;

namespace Strongroom.Store.Tests;

/// <summary>Stores written by earlier versions open in this one and go on.</summary>
public sealed class SampleTests
{
    [Theory]
    [InlineData("form-1")]
    public async Task A_store_of_an_earlier_version_opens_and_goes_on(string form)
    {
        using var cluster = new TestCluster();
        Sample.AddSecondEpoch(cluster);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "samples", form)))
        {
            File.Copy(file, cluster.Folder.File(Path.GetFileName(file)));
        }
        var records = new TestRecords();
        await using (var store = await cluster.OpenAsync(records))
        {
            Assert.Equal(Sample.Records, records.Texts.OrderBy(record => record.Key, StringComparer.Ordinal).Select(record => (record.Key, record.Value)));
            Assert.Equal(new HeadPosition(2, 9), store.Position);
            await store.PutAsync("users/admin", "rewritten");
        }
        var again = new TestRecords();
        await using var reopened = await cluster.OpenAsync(again);
        Assert.Equal("rewritten", again.Texts["users/admin"]);
    }
}
