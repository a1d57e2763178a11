using Strongroom.Crypto;

namespace Strongroom.Store.Tests;

/// <summary>The small store that is kept with the tests, so that every later version is held to open it. "sample FOLDER" writes one of the present form, for a folder of its own beside the old ones.</summary>
internal static class Sample
{
    /// <summary>What it holds when it is opened.</summary>
    public static readonly (string Path, string Text)[] Records =
    [
        ("creations/0001", "a creation's result"), ("objects/0000000000000001", "the first object, changed once"), ("objects/0000000000000002", new('x', 3000)), ("users/admin", "written under the first epoch"),
        ("users/alice", "written under the second epoch"),
    ];

    /// <summary>The key of its second epoch.</summary>
    public static void AddSecondEpoch(TestCluster cluster) => cluster.Keys.Add(2, SecretBuffer.CopyOf(Enumerable.Repeat((byte)0xe2, 32).ToArray()));

    public static async Task<int> WriteAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        using var cluster = new TestCluster(folder);
        await cluster.BearAsync();
        await using (var store = await cluster.OpenAsync(new TestRecords()))
        {
            await store.PutAsync("users/admin", "written under the first epoch");
            await store.PutAsync("objects/0000000000000001", "the first object");
            await store.PutAsync("objects/deleted", "gone");
        }
        AddSecondEpoch(cluster);
        await using var later = await cluster.OpenAsync(new TestRecords());
        await later.PutAsync("users/alice", "written under the second epoch");
        await later.PutAsync("objects/0000000000000001", "the first object, changed once");
        await later.PutAsync("objects/0000000000000002", new('x', 3000));
        await later.DeleteAsync("objects/deleted");
        await later.PutAsync("creations/0001", "a creation's result");
        return 0;
    }
}
