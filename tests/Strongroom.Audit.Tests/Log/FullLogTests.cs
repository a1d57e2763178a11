using System.Globalization;
using Strongroom.Hsm;
using Strongroom.Hsm.Audit;

namespace Strongroom.Audit.Tests.Log;

public sealed class FullLogTests
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(10);

    [Fact]
    public async Task At_80_and_95_percent_an_alarm_is_raised_once_and_a_full_log_refuses_use_but_not_management()
    {
        await using var test = Small(AuditFull.Refuse);
        await test.OpenAsync();
        await Fill(test);
        Assert.False(test.Log.Admits);
        Assert.True(test.Log.ReadStatus().IsFull);
        await test.Log.RecordAsync(new AuditEvent { Operation = AuditOperation.Login, Subject = test.Alice, TargetUser = "admin" });
        var alarms = test.Entries().Where(e => e.Event.Operation == AuditOperation.AuditAlarm).Select(e => e.Event.Detail);
        Assert.Equal(["80 % of its room is taken", "95 % of its room is taken"], alarms);
        Assert.Contains(test.Notices, n => n.Contains("operations are refused", StringComparison.Ordinal));
        Assert.InRange(Directory.EnumerateFiles(test.Options.Directory, "segment-*").Sum(f => new FileInfo(f).Length), test.Options.Capacity * 9 / 10, test.Options.Capacity);
    }

    [Fact]
    public async Task Refusals_are_counted_and_the_count_is_logged_when_there_is_room_again()
    {
        var clock = new SteppedClock();
        await using var test = Small(AuditFull.Refuse, clock, keep: TimeSpan.FromDays(30));
        await test.OpenAsync();
        await Fill(test);
        for (var i = 0; i < 17; i++)
        {
            test.Log.CountRefusal();
        }

        Assert.Equal(17, test.Log.ReadStatus().Refused);
        clock.Step(TimeSpan.FromDays(31));
        await AuditLogTests.Wait(() => test.Log.Admits);
        await AuditLogTests.Wait(() => test.Entries().Any(e => e.Event.Operation == AuditOperation.AuditRefusals));
        Assert.StartsWith("without room: 17 operations refused, 0 done unlogged", test.Entries().Single(e => e.Event.Operation == AuditOperation.AuditRefusals).Event.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_prefers_it_goes_on_without_a_log_and_the_gap_is_counted()
    {
        var clock = new SteppedClock();
        await using var test = Small(AuditFull.Continue, clock, keep: TimeSpan.FromDays(30));
        await test.OpenAsync();
        await Fill(test);
        Assert.True(test.Log.Admits);
        var before = test.Log.ReadStatus();
        test.Sign(1, count: 50);
        await test.Log.SettleAsync();
        Assert.Equal((before.Sequence, before.Unlogged + 50), (test.Log.ReadStatus().Sequence, test.Log.ReadStatus().Unlogged));
        clock.Step(TimeSpan.FromDays(31));
        await AuditLogTests.Wait(() => test.Entries().Any(e => e.Event.Operation == AuditOperation.AuditRefusals));
        await test.Log.DisposeAsync();
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{before.Unlogged + 50} done unlogged"), test.Entries().Last(e => e.Event.Operation == AuditOperation.AuditRefusals).Event.Detail, StringComparison.Ordinal);
        Assert.True(test.Verify().IsIntact, test.Verify().ToString());
    }

    [Fact]
    public async Task When_even_the_last_room_is_gone_nothing_is_acknowledged()
    {
        await using var test = Small(AuditFull.Refuse);
        await test.OpenAsync();
        Assert.Throws<AuditFailedException>(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                test.Sign(1);   // without asking Admits
            }
        });
    }

    [Fact]
    public async Task What_is_older_than_the_log_is_kept_goes_and_leaves_a_signed_record()
    {
        var clock = new SteppedClock();
        await using var test = Small(AuditFull.Refuse, clock, keep: TimeSpan.FromDays(30), capacity: 64 << 20);
        await test.OpenAsync();
        await SignSlowly(test, 3000);
        var first = await test.Log.SignHeadAsync(TestContext.Current.CancellationToken);
        clock.Step(TimeSpan.FromDays(31));
        await SignSlowly(test, 1000);
        await AuditLogTests.Wait(() => test.Segments()[0].Number > 2);
        await test.Log.DisposeAsync();
        var report = test.Verify(test.Newest!);
        Assert.True(report.IsIntact, report.ToString());
        Assert.Contains(report.Notes, n => n.Contains("were removed on purpose", StringComparison.Ordinal));
        Assert.Contains(test.Verify(first!).Notes, n => n.Contains("older than what was kept", StringComparison.Ordinal) || n.Contains("lies on this log", StringComparison.Ordinal));

        // Somebody removes one segment more than the record says.
        File.Delete(test.Segments()[0].Path);
        Assert.Contains("no cut record accounts for them", test.Verify().Findings[0].Text, StringComparison.Ordinal);
        Assert.Null(test.Verify().CompleteUpTo);
    }

    private static TestLog Small(AuditFull whenFull, TimeProvider? clock = null, TimeSpan? keep = null, long capacity = 1 << 20) => new(o => o with
    {
        SegmentBytes = 64 << 10,
        Capacity = capacity,
        WhenFull = whenFull,
        HeadInterval = Quick,
        Compress = false,
        Keep = keep,
        Clock = clock ?? TimeProvider.System,
    });

    private static async Task Fill(TestLog test)
    {
        for (var i = 0; i < 10_000 && test.Log.Admits && !test.Log.ReadStatus().IsFull; i++)
        {
            test.Sign(1, count: 40);
            await test.Log.SettleAsync();
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }

        // The alarms and the notice come with the next round of the keeping loop.
        await AuditLogTests.Wait(() => test.Notices.ToArray().Any(n => n.Contains("log is full", StringComparison.Ordinal)));
    }

    private static async Task SignSlowly(TestLog test, int count)
    {
        for (var i = 0; i < count; i += 50)
        {
            test.Sign(1, count: 50);
            await test.Log.SettleAsync();
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The real clock, moved ahead by hand.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long _ahead;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddTicks(Volatile.Read(ref _ahead));

        public void Step(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
    }
}
