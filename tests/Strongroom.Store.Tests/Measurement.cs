using System.Diagnostics;
using System.Globalization;
using Strongroom.Store.Commits;
using Strongroom.Store.Heads;
using Strongroom.Store.Sqlite;

namespace Strongroom.Store.Tests;

/// <summary>
/// Numbers of this machine: "fill FOLDER RECORDS" makes a store, "open FOLDER" scans it, "create FOLDER HSM CALLERS SECONDS" creates single records.
/// </summary>
internal static class Measurement
{
    private const int RecordBytes = 600; // about an EC key's record

    public static async Task<int> RunAsync(string[] what)
    {
        switch (what)
        {
            case ["fill", var folder, var count]:
                await FillAsync(folder, int.Parse(count, CultureInfo.InvariantCulture));
                return 0;
            case ["open", var folder]:
                await OpenAsync(folder);
                return 0;
            case ["create", var folder, var hsm, var callers, var seconds]:
                await CreateAsync(folder, hsm, int.Parse(callers, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
                return 0;
            default:
                Console.Error.WriteLine("measure: fill FOLDER RECORDS | open FOLDER | create FOLDER HSM CALLERS SECONDS");
                return 2;
        }
    }

    private static async Task FillAsync(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        using var cluster = new TestCluster(folder);
        if (!File.Exists(cluster.Database))
        {
            await cluster.BearAsync();
        }
        await using var store = await cluster.OpenAsync(new Discarding());
        var watch = Stopwatch.StartNew();
        for (var done = 0; done < count;)
        {
            var batch = Enumerable.Range(done, Math.Min(100, count - done)).Select(i => Change.Put($"objects/{i:x8}", new byte[RecordBytes])).ToList();
            await store.Committer.CommitAsync(_ => Proposal.Write(0, batch));
            done += batch.Count;
        }
        Console.WriteLine($"{count} records in {watch.Elapsed.TotalSeconds:0.0} s");
    }

    private static async Task OpenAsync(string folder)
    {
        using var cluster = new TestCluster(folder);
        var watch = Stopwatch.StartNew();
        var consumer = new Discarding();
        await using var store = await cluster.OpenAsync(consumer);
        Console.WriteLine($"opened and verified {consumer.Records} records in {watch.Elapsed.TotalSeconds:0.0} s, {Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:0.0} s of CPU; {GC.GetTotalMemory(true) / Math.Max(1, consumer.Records)} bytes a record kept");
    }

    private static async Task CreateAsync(string folder, string hsm, int callers, TimeSpan time)
    {
        using var cluster = new TestCluster(folder);
        await using var store = await cluster.OpenAsync(new Discarding(), hsm);
        var content = new byte[RecordBytes];
        var start = Stopwatch.GetTimestamp();
        var before = store.Position.Sequence;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var mine = new List<double>();
            for (var i = 0; Stopwatch.GetElapsedTime(start) < time; i++)
            {
                var path = $"objects/{Environment.ProcessId}/{caller}/{i}";
                var begun = Stopwatch.GetTimestamp();
                await store.Committer.CommitAsync(_ => Proposal.Write(0, Change.Put(path, content)));
                mine.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
            return mine;
        })));
        var all = times.SelectMany(mine => mine).Order().ToList();
        var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine($"{hsm}: {callers} callers: {all.Count / time.TotalSeconds:0} creations/s, {(store.Position.Sequence - before) / time.TotalSeconds:0} heads/s, "
            + $"p50 {all[all.Count / 2]:0.00} ms, p99 {all[all.Count * 99 / 100]:0.00} ms, maximum {all[^1]:0.0} ms, {used.TotalMicroseconds / all.Count:0} us CPU each");
    }

    private sealed class Discarding : IRecordConsumer
    {
        public long Records { get; private set; }

        public void Apply(IReadOnlyList<RecordChange> changes, HeadPosition position) => Records += changes.Count;
    }
}
