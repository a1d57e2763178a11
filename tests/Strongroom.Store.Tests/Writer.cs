using System.Globalization;
using System.Text;
using Strongroom.Store.Commits;

namespace Strongroom.Store.Tests;

/// <summary>The other process: commits records to a cluster's store until it is killed, and says each one that was acknowledged.</summary>
internal static class Writer
{
    private const int Callers = 8;

    public static async Task<int> RunAsync(string folder, string hsm)
    {
        using var cluster = new TestCluster(folder);
        await using var store = await cluster.OpenAsync(new TestRecords(), hsm);
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var path = string.Create(CultureInfo.InvariantCulture, $"objects/{hsm}/{Environment.ProcessId}/{caller}/{i}");
                var result = await store.Committer.CommitAsync(_ => Proposal.Write(0, Change.Put(path, Encoding.UTF8.GetBytes(path))));
                lock (gate)
                {
                    // One write call a line, so that what was said before a kill is never half a line but for the last.
                    Console.Out.Write($"{path} {result.Position.Sequence}\n");
                    Console.Out.Flush();
                }
            }
        })));
        return 0;
    }
}
