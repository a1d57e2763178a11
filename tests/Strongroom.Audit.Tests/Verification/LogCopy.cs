using System.Buffers.Binary;
using System.Security.Cryptography;
using Strongroom.Audit.Records;
using Strongroom.Audit.Verification;

namespace Strongroom.Audit.Tests.Verification;

/// <summary>A copy of the log's files to be tampered with.</summary>
internal sealed class LogCopy : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("audit-copy-").FullName;
    private readonly TestLog _of;

    public LogCopy(TestLog of)
    {
        _of = of;
        foreach (var segment in of.Segments())
        {
            File.Copy(segment.Path, Path.Combine(_folder, Path.GetFileName(segment.Path)));
        }
    }

    public VerificationReport Verify(params AuditHead[] anchors) => LogVerifier.Verify(_folder, [_of.Signer.Certificate], anchors);

    public void Delete(uint number) => File.Delete(PathOf(number));

    public void Append(uint number, byte[] bytes) => File.AppendAllBytes(PathOf(number), bytes);

    public (uint Segment, long Bit) Flip(uint number, uint random)
    {
        var bytes = File.ReadAllBytes(PathOf(number));
        var bit = random % (bytes.Length * 8L);
        bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        File.WriteAllBytes(PathOf(number), bytes);
        return (number, bit);
    }

    public void CutTail(ulong after)
    {
        foreach (var segment in LogFiles.Segments(_folder))
        {
            var records = Read(segment.Number);
            var at = records.FindIndex(r => SequenceOf(r) == after);
            if (at >= 0)
            {
                Write(segment.Number, records[..(at + 1)]);
                LogFiles.Segments(_folder).Where(s => s.Number > segment.Number).ToList().ForEach(s => File.Delete(s.Path));
                return;
            }
        }
    }

    /// <summary>Edits the record list of the segment that holds an event.</summary>
    /// <param name="edit">Takes the records and the event's place among them.</param>
    /// <param name="rewriteChain">Whether all tags of all segments behind it are computed anew, as somebody would who knows the format.</param>
    /// <param name="dropHeads">Whether marks and heads behind it are left out.</param>
    public void Edit(ulong sequence, Action<List<byte[]>, int> edit, bool rewriteChain = false, bool dropHeads = false)
    {
        var edited = false;
        AuditDigest chain = default;
        foreach (var segment in LogFiles.Segments(_folder))
        {
            var records = Read(segment.Number);
            var at = records.FindIndex(r => SequenceOf(r) == sequence);
            if (at >= 0)
            {
                edit(records, at);
                edited = true;
            }

            if (dropHeads && edited)
            {
                var from = Math.Max(at, 0);
                records = [.. records.Where((r, i) => i < from || RecordReader.KindOf(r) is not (RecordKind.Head or RecordKind.Mark))];
            }

            if (rewriteChain)
            {
                Rechain(records, ref chain);
            }

            Write(segment.Number, records);
        }

        Assert.True(edited);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Rechain(List<byte[]> records, ref AuditDigest chain)
    {
        foreach (var record in records)
        {
            switch (RecordReader.KindOf(record))
            {
                case RecordKind.Opening:
                    chain.ToArray().CopyTo(record, RecordLayout.PrefixSize + 28);   // OpeningRecord.Before
                    break;
                case RecordKind.Mark:
                    RecordWriter.PatchMark(record, chain);
                    break;
            }

            chain = AuditDigest.From(SHA256.HashData([.. chain.ToArray(), .. record[..^RecordLayout.TagSize]]));
            chain.ToArray()[..RecordLayout.TagSize].CopyTo(record, record.Length - RecordLayout.TagSize);
        }
    }

    private static ulong SequenceOf(byte[] record) =>
        RecordReader.KindOf(record) == RecordKind.Event ? BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(RecordLayout.PrefixSize)) : 0;

    private List<byte[]> Read(uint number)
    {
        List<byte[]> records = [];
        using var reader = SegmentReader.Open(PathOf(number));
        while (reader.Next() == SegmentStep.Record)
        {
            records.Add(reader.Record.ToArray());
        }

        return records;
    }

    private void Write(uint number, List<byte[]> records) => File.WriteAllBytes(PathOf(number), [.. RecordLayout.Magic, .. records.SelectMany(r => r)]);

    private string PathOf(uint number) => Path.Combine(_folder, LogFiles.NameOf(number, compressed: false));
}
