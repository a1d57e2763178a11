using System.Buffers.Binary;
using System.Security.Cryptography;
using Strongroom.Audit.Records;
using Strongroom.Audit.Verification;
using Strongroom.Audit.Writer;

namespace Strongroom.Audit.Tests.Verification;

/// <summary>Somebody with the log's files in hand tries everything; the verifier has the certificate.</summary>
public sealed class LogVerifierTests : IAsyncLifetime
{
    private readonly TestLog _test = new(o => o with { Compress = false });
    private AuditHead _middle = null!;

    // Events 1 to 1002 in one segment, since the end of a segment would have a head signed whenever the log's own loop gets to it; heads behind 301, 601, 901 and at the end.
    public async ValueTask InitializeAsync()
    {
        await _test.OpenAsync();
        for (var i = 0; i < 10; i++)
        {
            _test.Sign((ulong)(i * 100), count: 100);
            await _test.Log.SettleAsync();
            if (i % 3 == 2)
            {
                var head = await _test.Log.SignHeadAsync(TestContext.Current.CancellationToken);
                _middle = i == 5 ? head! : _middle;
            }
        }

        await _test.Log.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public void An_untouched_log_is_complete_up_to_its_last_event()
    {
        var report = _test.Verify(_middle, _test.Newest!);
        Assert.True(report.IsIntact, report.ToString());
        Assert.Equal((1002UL, 1002UL), (report.CompleteUpTo!.Sequence, report.LastSequence));
        Assert.StartsWith("OK: complete up to 1002, signed at 20", report.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, report.Notes.Count(n => n.Contains("lies on this log", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(77)]
    [InlineData(602)]
    [InlineData(1002)]
    public void A_changed_event_is_named(ulong sequence)
    {
        // A mark that stands between two events is no event, so the position is looked up.
        foreach (var at in new[] { 11, 20, 25, 40, 60, 100 })
        {
            using var copy = new LogCopy(_test);
            copy.Edit(sequence, (records, i) => records[i][Math.Min(at, records[i].Length - 1)] ^= 0x40);
            var report = copy.Verify();
            Assert.False(report.IsIntact);
            Assert.Equal(sequence, report.Findings[0].Sequence);
            Assert.StartsWith($"event {sequence} was changed", report.Findings[0].Text, StringComparison.Ordinal);
            Assert.True((report.CompleteUpTo?.Sequence ?? 0) < sequence);
        }
    }

    [Fact]
    public void A_removed_event_is_named()
    {
        foreach (var (sequence, count, text) in new (ulong, int, string)[] { (77, 1, "event 77 was removed"), (200, 5, "events 200 to 204 were removed") })
        {
            using var copy = new LogCopy(_test);
            copy.Edit(sequence, (records, i) => records.RemoveRange(i, count));
            Assert.Equal(text, copy.Verify().Findings[0].Text);
        }
    }

    [Fact]
    public void An_inserted_event_is_named()
    {
        using var copy = new LogCopy(_test);
        copy.Edit(77, (records, i) => records.Insert(i, records[i - 5]));
        Assert.Equal("a record was inserted before event 77; it claims to be event 72", copy.Verify().Findings[0].Text);
        Assert.Single(copy.Verify().Findings);
    }

    [Fact]
    public void Exchanged_events_are_named()
    {
        using var copy = new LogCopy(_test);
        copy.Edit(77, (records, i) => (records[i], records[i + 1]) = (records[i + 1], records[i]));
        Assert.Equal(77UL, copy.Verify().Findings[0].Sequence);
    }

    [Fact]
    public void Everything_behind_a_fault_is_checked_again_from_the_next_head_on()
    {
        using var copy = new LogCopy(_test);
        copy.Edit(77, (records, i) => records[i][30] ^= 1);
        copy.Edit(802, (records, i) => records[i][30] ^= 1);
        Assert.Equal([77UL, 802UL], copy.Verify().Findings.Select(f => f.Sequence));
    }

    [Theory]
    [InlineData(77UL, 1UL, 301UL, 0UL)]
    [InlineData(402UL, 302UL, 601UL, 301UL)]
    public void A_rewritten_chain_breaks_at_the_next_signed_head(ulong changed, ulong from, ulong to, ulong complete)
    {
        using var copy = new LogCopy(_test);
        copy.Edit(changed, (records, i) => records[i][30] ^= 1, rewriteChain: true);
        var report = copy.Verify();
        Assert.StartsWith($"events {from} to {to} are not what the HSM signed for", report.Findings[0].Text, StringComparison.Ordinal);
        Assert.Equal(complete, report.CompleteUpTo?.Sequence ?? 0);
    }

    [Fact]
    public void A_renumbered_removal_with_a_rewritten_chain_breaks_at_the_next_signed_head()
    {
        using var copy = new LogCopy(_test);
        copy.Edit(
            402,
            (records, i) =>
            {
                records.RemoveAt(i);
                for (var j = i; j < records.Count; j++)
                {
                    if (RecordReader.KindOf(records[j]) == RecordKind.Event)
                    {
                        var field = records[j].AsSpan(RecordLayout.PrefixSize);
                        BinaryPrimitives.WriteUInt64LittleEndian(field, BinaryPrimitives.ReadUInt64LittleEndian(field) - 1);
                    }
                }
            },
            rewriteChain: true);
        Assert.False(copy.Verify().IsIntact);
        Assert.Equal(301UL, copy.Verify().CompleteUpTo!.Sequence);
    }

    [Fact]
    public void A_tail_that_was_cut_off_is_seen_against_an_anchor_and_only_so()
    {
        using var copy = new LogCopy(_test);
        copy.CutTail(after: 650);
        var blind = copy.Verify();
        Assert.True(blind.IsIntact, blind.ToString());
        Assert.Equal((601UL, 650UL), (blind.CompleteUpTo!.Sequence, blind.LastSequence));
        Assert.Contains("events 602 to 650 are chained but not yet signed", blind.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("the tail is cut off: events 651 to 1002 are missing", copy.Verify(_test.Newest!).Findings[0].Text, StringComparison.Ordinal);
        Assert.True(copy.Verify(_middle).IsIntact);
    }

    [Fact]
    public void An_anchor_shows_a_history_that_was_written_anew()
    {
        using var copy = new LogCopy(_test);
        copy.Edit(700, (records, i) => records[i][30] ^= 1, rewriteChain: true, dropHeads: true);
        Assert.True(copy.Verify().CompleteUpTo!.Sequence < 700);
        Assert.Contains(copy.Verify(_test.Newest!).Findings, f => f.Text.Contains("another history", StringComparison.Ordinal));
    }

    [Fact]
    public void An_anchor_that_the_HSM_did_not_sign_is_none()
    {
        using var other = KeySigner.Create();
        var forged = _middle with { Signature = other.Sign(AuditHead.SignedBytes(_middle.Cluster, _middle.Hsm, _middle.Reboot, _middle.Sequence, _middle.Chain, _middle.Time)) };
        Assert.Equal("the anchor was not signed by this HSM", _test.Verify(forged).Findings[0].Text);
    }

    [Fact]
    public void Another_HSMs_certificate_verifies_nothing()
    {
        using var other = KeySigner.Create();
        var report = LogVerifier.Verify(_test.Options.Directory, [other.Certificate]);
        Assert.False(report.IsIntact);
        Assert.Null(report.CompleteUpTo);
    }

    [Fact]
    public void No_flipped_bit_anywhere_goes_unseen()
    {
        var segments = _test.Segments();
        var state = 7u;
        for (var round = 0; round < 300; round++)
        {
            state = (state * 1_664_525) + 1_013_904_223;
            using var copy = new LogCopy(_test);
            var (segment, bit) = copy.Flip(segments[(int)((state >> 16) % (uint)segments.Count)].Number, state >> 3);
            Assert.False(copy.Verify().IsIntact, $"segment {segment}, bit {bit}");
        }
    }
}
