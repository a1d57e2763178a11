using Strongroom.Audit.Records;

namespace Strongroom.Audit.Tests.Records;

public sealed class RecordTests
{
    private static readonly byte[] Digest = Enumerable.Range(1, 32).Select(i => (byte)i).ToArray();

    [Fact]
    public void A_signature_takes_at_most_120_bytes()
    {
        var bytes = new byte[RecordLayout.Largest];
        var length = RecordWriter.Event(bytes, Signature());
        Assert.InRange(length, 1, 120);
    }

    [Fact]
    public void A_wrapped_key_takes_at_most_120_bytes()
    {
        var fields = Signature();
        fields.SecondKey = ulong.MaxValue;
        fields.Digest = default;
        Assert.InRange(RecordWriter.Event(new byte[RecordLayout.Largest], fields), 1, 120);
    }

    [Fact]
    public void An_event_is_read_as_it_was_written()
    {
        var fields = Signature();
        (fields.SecondKey, fields.TargetUser, fields.TargetRole, fields.Detail) = (7, "bøb", 2, "why");
        var read = Assert.IsType<EventRecord>(Read(fields));
        Assert.Equal(
            new EventRecord(
                ulong.MaxValue, AuditTime.FromMicroseconds(1_513_717_276_962_174), AuditOperation.Sign, 5, 0x60, ulong.MaxValue - 1, 0x1041, ulong.MaxValue - 2, 7, AuditDigest.From(Digest),
                new TargetUser(2, "bøb"), "why"),
            read);
    }

    [Fact]
    public void What_an_event_does_not_have_is_not_read_into_it()
    {
        var read = Assert.IsType<EventRecord>(Read(new EventFields { Sequence = 1, Operation = AuditOperation.Logout }));
        Assert.Equal((null, null, null, null, null, ""), (read.Mechanism, read.Key, read.SecondKey, read.Digest, read.Target, read.Detail));
    }

    [Fact]
    public void Mechanism_number_0_is_a_mechanism()
    {
        var read = Assert.IsType<EventRecord>(Read(new EventFields { HasMechanism = true }));
        Assert.Equal(0u, read.Mechanism);
    }

    [Fact]
    public void A_text_that_is_too_long_is_cut_and_still_read()
    {
        foreach (var text in new[] { new string('x', 5000), new string('€', 5000), string.Concat(Enumerable.Repeat("🔑", 3000)) })
        {
            var read = Assert.IsType<EventRecord>(Read(new EventFields { Detail = text }));
            Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(read.Detail), 40, RecordLayout.LongestText);
        }
    }

    [Fact]
    public void No_prefix_and_no_extension_of_a_record_is_a_record()
    {
        foreach (var record in AllKinds())
        {
            Assert.NotNull(RecordReader.Read(record));
            for (var length = RecordLayout.Smallest; length < record.Length; length++)
            {
                Assert.Throws<AuditFormatException>(() => RecordReader.Read(record.AsSpan(0, length)));
            }

            Assert.Throws<AuditFormatException>(() => RecordReader.Read([.. record, 0]));
        }
    }

    [Fact]
    public void Damaged_records_are_refused_by_their_own_exception_or_read_and_never_break_the_reader()
    {
        var state = 1u;
        foreach (var record in AllKinds())
        {
            for (var round = 0; round < 20_000; round++)
            {
                var damaged = (byte[])record.Clone();
                for (var i = 0; i < 3; i++)
                {
                    state = (state * 1_664_525) + 1_013_904_223;
                    damaged[RecordLayout.LengthSize + ((state >> 8) % (uint)(damaged.Length - RecordLayout.LengthSize))] = (byte)(state >> 24);
                }

                try
                {
                    RecordReader.Read(damaged);
                }
                catch (AuditFormatException)
                {
                }
            }
        }
    }

    [Fact]
    public void A_head_is_read_from_its_own_line_and_from_nothing_else()
    {
        var head = new AuditHead("cluster-a", "hsm-b", 3, 99, AuditDigest.From(Digest), AuditTime.FromMicroseconds(12345), Digest);
        var read = AuditHead.FromJson(head.ToJson());
        Assert.Equal(head with { Signature = default }, read with { Signature = default });
        Assert.Equal(Digest, read.Signature.ToArray());
        foreach (var wrong in new[] { "", "{}", "null", "[]", "{\"cluster\":1}", head.ToJson().Replace("99", "-1", StringComparison.Ordinal), new string(' ', 10_000) })
        {
            Assert.Throws<AuditFormatException>(() => AuditHead.FromJson(wrong));
        }
    }

    internal static EventFields Signature() => new()
    {
        Sequence = ulong.MaxValue,
        Time = 1_513_717_276_962_174,
        Operation = AuditOperation.Sign,
        Subject = 5,
        Result = 0x60,
        Session = ulong.MaxValue - 1,
        HasMechanism = true,
        Mechanism = 0x1041,
        Key = ulong.MaxValue - 2,
        Digest = Digest,
    };

    private static List<byte[]> AllKinds()
    {
        var time = AuditTime.FromMicroseconds(1_513_717_276_962_174);
        var digest = AuditDigest.From(Digest);
        List<byte[]> all = [];
        void Add(Func<byte[], int> write)
        {
            var bytes = new byte[RecordLayout.Largest];
            all.Add(bytes[..write(bytes)]);
        }

        Add(b => RecordWriter.Opening(b, new OpeningRecord(1, 2, 3, 4, time, digest, digest, Guid.NewGuid(), "cluster-a", "hsm-b")));
        Add(b => RecordWriter.Subject(b, 1, 2, Digest, "alice", "127.0.0.1"));
        Add(b => RecordWriter.Event(b, Signature()));
        Add(b => RecordWriter.Mark(b, 9, time));
        Add(b => RecordWriter.Head(b, new HeadRecord(9, time, digest, Digest)));
        Add(b => RecordWriter.Cut(b, new CutRecord(1, 2, digest, time, "old")));
        Add(b => RecordWriter.Recovery(b, new RecoveryRecord(1, 2, digest, 3, true, time)));
        Add(b => RecordWriter.Closing(b, new ClosingRecord(true, time)));
        return all;
    }

    private static AuditRecord Read(in EventFields fields)
    {
        var bytes = new byte[RecordLayout.Largest];
        return RecordReader.Read(bytes.AsSpan(0, RecordWriter.Event(bytes, fields)));
    }
}
