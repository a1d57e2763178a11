using Strongroom.Store.Heads;
using Strongroom.Store.Sealing;

namespace Strongroom.Store.Commits;

/// <summary>Seals, opens and tags a cluster's records and heads. May be used by several threads at once.</summary>
internal sealed class RecordVault(ClusterKeys keys) : IDisposable
{
    private readonly Sealer _records = new(keys, "record");
    private readonly Sealer _heads = new(keys, "head");
    private readonly RecordTags _tags = new(keys);

    public ulong CurrentEpoch => keys.CurrentEpoch;

    public (byte[] Sealed, ContentSum Tag) Seal(string path, HeadPosition position, ReadOnlySpan<byte> content)
    {
        var sealedBytes = _records.Seal(position.Epoch, path, position.Sequence, content);
        return (sealedBytes, _tags.Of(path, position.Sequence, position.Epoch, sealedBytes));
    }

    /// <exception cref="StoreDamagedException">The record does not open; names it.</exception>
    public (OpenedRecord Opened, ContentSum Tag) Open(string path, ReadOnlyMemory<byte> sealedBytes)
    {
        try
        {
            var opened = _records.Open(path, sealedBytes);
            return (opened, _tags.Of(path, opened.Version, opened.Epoch, sealedBytes.Span));
        }
        catch (Exception broken) when (broken is FormatException or UnknownEpochException)
        {
            throw new StoreDamagedException($"record '{path}'", broken.Message, broken);
        }
    }

    public byte[] SealHead(Head head) => _heads.Seal(head.Position.Epoch, Head.Path, head.Position.Sequence, head.Encode());

    /// <exception cref="StoreDamagedException">The head does not open.</exception>
    public VerifiedHead OpenHead(ReadOnlyMemory<byte> sealedBytes, Revision modified)
    {
        try
        {
            var opened = _heads.Open(Head.Path, sealedBytes);
            var head = Head.Parse(opened.Content);
            return head.Position == new HeadPosition(opened.Epoch, opened.Version)
                ? new(head, HeadHash.Of(sealedBytes.Span), modified)
                : throw new FormatException("it contradicts itself about its position");
        }
        catch (Exception broken) when (broken is FormatException or UnknownEpochException)
        {
            throw new StoreDamagedException("the head", broken.Message, broken);
        }
    }

    public void Dispose()
    {
        _records.Dispose();
        _heads.Dispose();
        _tags.Dispose();
    }
}
