using Strongroom.Audit.Records;
using Strongroom.Hsm;
using Strongroom.Hsm.Audit;

namespace Strongroom.Audit.Tests.Log;

public sealed class AuditLogTests
{
    [Fact]
    public async Task Every_event_is_there_in_order_with_all_its_fields()
    {
        await using var test = new TestLog();
        await test.OpenAsync();
        test.Sign(key: 100, count: 500);
        await test.Log.RecordAsync(new AuditEvent { Operation = AuditOperation.CreateUser, Subject = test.Alice, TargetUser = "bob", TargetRole = Role.Admin, Result = Rv.SessionReadOnly });
        await test.Log.SettleAsync();
        var entries = test.Entries();
        Assert.Equal(Enumerable.Range(1, 502).Select(i => (ulong)i), entries.Select(e => e.Event.Sequence));
        Assert.Equal(AuditOperation.Start, entries[0].Event.Operation);
        var signature = entries[1];
        Assert.Equal((AuditOperation.Sign, 100UL, 0x1041u, 3UL, 0u), (signature.Event.Operation, signature.Event.Key, signature.Event.Mechanism!.Value, signature.Event.Session, signature.Event.Result));
        Assert.Equal(AuditDigest.From(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(100UL))), signature.Event.Digest);
        Assert.Equal(("alice", 2, "127.0.0.9", "hsm-test", 1u), (signature.Subject.User, signature.Subject.Role, signature.Subject.Address, signature.Log.Hsm, signature.Log.Reboot));
        Assert.Equal((new TargetUser(1, "bob"), (uint)Rv.SessionReadOnly), (entries[^1].Event.Target, entries[^1].Event.Result));
    }

    [Fact]
    public async Task What_was_settled_is_in_the_kernel_before_anything_else_happens()
    {
        await using var test = new TestLog();
        await test.OpenAsync();
        for (var i = 1UL; i <= 20; i++)
        {
            test.Sign(i);
            await test.Log.SettleAsync();
            Assert.Equal(i, test.Entries()[^1].Event.Key);   // read through the file, as another process would
        }
    }

    [Fact]
    public async Task Numbers_go_on_over_restarts_and_the_reboot_counter_counts_them()
    {
        await using var test = new TestLog();
        for (var start = 1; start <= 4; start++)
        {
            await test.OpenAsync();
            test.Sign(1, count: 10);
            await test.Log.DisposeAsync();
        }

        var entries = test.Entries();
        Assert.Equal(Enumerable.Range(1, 4 * 12).Select(i => (ulong)i), entries.Select(e => e.Event.Sequence));
        Assert.Equal([1u, 2u, 3u, 4u], entries.Select(e => e.Log.Reboot).Distinct());
        var report = test.Verify();
        Assert.True(report.IsIntact, report.ToString());
        Assert.Empty(report.Notes);
        Assert.Equal(48UL, report.CompleteUpTo!.Sequence);
    }

    [Fact]
    public async Task Threads_that_append_and_settle_together_lose_nothing_and_keep_one_chain()
    {
        await using var test = new TestLog(o => o with { SegmentBytes = 256 << 10 });
        await test.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            var subject = new AuditSubject("user" + thread, Role.CryptoUser, default, "127.0.0.1");
            for (var i = 1UL; i <= 4000; i++)
            {
                test.Log.Append(new AuditEvent { Operation = AuditOperation.Decrypt, Subject = subject, Key = new ObjectHandle(i) });
                if (i % 3 == 0)
                {
                    await test.Log.SettleAsync();
                }
            }
        })));
        await test.Log.DisposeAsync();
        var entries = test.Entries();
        Assert.Equal(Enumerable.Range(1, 32_002).Select(i => (ulong)i), entries.Select(e => e.Event.Sequence));
        foreach (var user in entries.Where(e => e.Event.Operation == AuditOperation.Decrypt).GroupBy(e => e.Subject.User))
        {
            Assert.Equal(Enumerable.Range(1, 4000).Select(i => (ulong?)i), user.Select(e => e.Event.Key));
        }

        Assert.True(test.Segments().Count > 5);
        var report = test.Verify(test.Newest!);
        Assert.True(report.IsIntact, report.ToString());
    }

    [Fact]
    public async Task Appending_and_settling_allocate_nothing()
    {
        await using var test = new TestLog(o => o with { SegmentBytes = 8 << 20 });
        await test.OpenAsync();
        test.Sign(1, count: 2000);
        await test.Log.SettleAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var waited = SignAndSettle(test, 5000);
        Assert.Equal((0, 0), (GC.GetAllocatedBytesForCurrentThread() - before, waited));
    }

    private static int SignAndSettle(TestLog test, int count)
    {
        Span<byte> digest = stackalloc byte[32];
        var waited = 0;
        for (var i = 0; i < count; i++)
        {
            AuditLog.DigestOf("data"u8, digest);
            test.Log.Append(new AuditEvent { Operation = AuditOperation.Sign, Subject = test.Alice, Key = new ObjectHandle(1), Digest = digest });
            var settled = test.Log.SettleAsync();
            waited += settled.IsCompletedSuccessfully ? 0 : 1;
            settled.GetAwaiter().GetResult();
        }

        return waited;
    }

    [Fact]
    public async Task Many_events_of_one_settling_share_one_write()
    {
        await using var test = new TestLog();
        await test.OpenAsync();
        var before = test.Log.ReadStatus().Writes;
        test.Sign(1, count: 100);
        await test.Log.SettleAsync();
        Assert.Equal(1, test.Log.ReadStatus().Writes - before);
    }

    [Fact]
    public async Task Finished_segments_are_compressed_and_stay_readable()
    {
        await using var test = new TestLog(o => o with { SegmentBytes = 64 << 10, HeadInterval = TimeSpan.FromMilliseconds(20) });
        await test.OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            test.Sign(1, count: 300);
            await test.Log.SettleAsync();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        await Wait(() => test.Segments().Count(s => s.Compressed) >= 6);
        await test.Log.DisposeAsync();
        Assert.Equal(6002, test.Entries().Count);
        Assert.True(test.Verify(test.Newest!).IsIntact, test.Verify().ToString());
    }

    [Fact]
    public async Task Two_processes_can_not_write_one_log()
    {
        await using var test = new TestLog();
        await test.OpenAsync();
        await Assert.ThrowsAsync<AuditFailedException>(() => AuditLog.OpenAsync(test.Options, test.Signer, test));
    }

    [Fact]
    public async Task Durable_mode_acknowledges_after_an_fsync_and_the_default_does_not_wait_for_one()
    {
        foreach (var mode in new[] { AuditMode.Durable, AuditMode.Kernel })
        {
            await using var test = new TestLog(o => o with { Mode = mode });
            await test.OpenAsync();
            var before = test.Log.ReadStatus().Syncs;
            for (var i = 1UL; i <= 5; i++)
            {
                test.Sign(i);
                await test.Log.SettleAsync();
            }

            Assert.Equal(mode == AuditMode.Durable ? 5 : 0, test.Log.ReadStatus().Syncs - before);
        }
    }

    [Fact]
    public async Task The_newest_head_reaches_the_store_within_the_interval()
    {
        await using var test = new TestLog(o => o with { HeadInterval = TimeSpan.FromMilliseconds(50) });
        await test.OpenAsync();
        test.Sign(1, count: 7);
        await test.Log.SettleAsync();
        await Wait(() => test.Newest?.Sequence == 8);
        Assert.True(test.Newest!.IsSignedBy(test.Signer.Certificate));
        Assert.True(test.Verify(test.Newest).IsIntact, test.Verify(test.Newest).ToString());
    }

    internal static async Task Wait(Func<bool> condition)
    {
        for (var i = 0; i < 3000 && !condition(); i++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(condition(), "not within 30 seconds");
    }
}
