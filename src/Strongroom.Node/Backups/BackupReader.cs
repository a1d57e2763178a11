using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Runtime.CompilerServices;
using Strongroom.Crypto;
using Strongroom.Node.State;
using Strongroom.Node.Trust;
using Strongroom.Store;

namespace Strongroom.Node.Backups;

/// <summary>Reads what <see cref="BackupWriter"/> wrote: first the header, then, with the root of trust, the items, then the records.</summary>
internal sealed class BackupReader : IDisposable
{
    /// <summary>The cluster's key pair, PKCS#8.</summary>
    public const string TlsKey = "cluster-tls-key";

    /// <summary>The cluster keys of all epochs, as the state directory has them.</summary>
    public const string ClusterKey = "cluster-key";

    /// <summary>The customer's claim, PEM.</summary>
    public const string Certificate = "cluster.crt";

    /// <summary>The customer's CA, PEM.</summary>
    public const string TrustAnchor = "customerCA.crt";

    // A record of 1.5 MB after 512 KiB of others, with what CBOR adds.
    private const int LongestFrame = 4 << 20;

    private readonly FileStream _file;
    private readonly string _path;
    private readonly byte[] _opener;
    private readonly byte[] _sealedKey;
    private readonly Dictionary<string, byte[]> _items = [];
    private readonly long _records;

    private BackupReader(string path, FileStream file)
    {
        (_path, _file) = (path, file);
        Header = BackupHeader.Parse(Line(), path);
        _opener = Frame();
        _sealedKey = Frame();
        foreach (var item in Items)
        {
            _items[item] = Frame();
        }

        _records = file.Position;
    }

    /// <summary>The items of a backup, in their order.</summary>
    public static IReadOnlyList<string> Items { get; } = [TlsKey, ClusterKey, Certificate, TrustAnchor];

    /// <summary>Its first line. Not authenticated before <see cref="TryOpen"/> gave a seal.</summary>
    public BackupHeader Header { get; }

    /// <summary>What the root of trust needs to be opened.</summary>
    public byte[] Opener => _opener;

    /// <exception cref="StateException">there is no backup, or it is cut short</exception>
    public static BackupReader Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = File.OpenRead(path);
            return new BackupReader(path, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StateException)
        {
            file?.Dispose();
            throw e is StateException ? e : new StateException($"{path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>Opens the seal with the root of trust; null if it is another's.</summary>
    public BackupSeal? TryOpen(RootKey root) => BackupSeal.TryOpen(root, Header, _opener, _sealedKey);

    /// <summary>One of <see cref="Items"/>; the caller disposes it.</summary>
    /// <exception cref="StateException">it was changed</exception>
    public SecretBuffer Item(BackupSeal seal, string item) => seal.TryOpenItem(item, _items[item]) ?? throw Damaged($"its item {item} was changed");

    /// <summary>The records in pages, to the end of the file.</summary>
    /// <exception cref="StateException">a page was changed, moved or left out, or the file is cut short</exception>
    public async IAsyncEnumerable<IReadOnlyList<StoredRecord>> ReadAsync(BackupSeal seal, [EnumeratorCancellation] CancellationToken cancel)
    {
        _file.Position = _records;
        for (ulong number = 0; ; number++)
        {
            cancel.ThrowIfCancellationRequested();
            var frame = Frame();
            var kind = frame.Length > 0 ? frame[0] : (byte)0;
            var page = frame.Length > 0 ? seal.TryOpenPage(kind, number, frame.AsSpan(1)) : null;
            switch (kind)
            {
                case BackupSeal.Page when page is not null:
                    yield return Records(page);
                    break;
                case BackupSeal.End when page is not null:
                    if (_file.Position != _file.Length)
                    {
                        throw Damaged("there is something behind its end");
                    }

                    await Task.CompletedTask.ConfigureAwait(false);
                    yield break;
                default:
                    throw Damaged($"its page {number} was changed or is not in its place");
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private List<StoredRecord> Records(byte[] page)
    {
        try
        {
            var reader = new CborReader(page, CborConformanceMode.Canonical);
            var count = (reader.ReadStartArray() ?? 0) / 2;
            var records = new List<StoredRecord>();
            for (var i = 0; i < count; i++)
            {
                records.Add(new StoredRecord(reader.ReadTextString(), reader.ReadByteString(), new Revision(1)));
            }

            return records;
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException)
        {
            throw Damaged($"a page holds no records ({e.Message})");
        }
    }

    private ReadOnlySpan<byte> Line()
    {
        var line = new byte[BackupHeader.Longest];
        for (var length = 0; length < line.Length; length++)
        {
            var next = _file.ReadByte();
            if (next is '\n' or < 0)
            {
                return line.AsSpan(0, length);
            }

            line[length] = (byte)next;
        }

        return line;
    }

    private byte[] Frame()
    {
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        if (_file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
        {
            throw Damaged("it is cut short");
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(prefix);
        if (length is < 0 or > LongestFrame)
        {
            throw Damaged("a length in it was changed");
        }

        if (length > _file.Length - _file.Position)
        {
            throw Damaged("it is cut short");
        }

        var bytes = new byte[length];
        _file.ReadExactly(bytes);
        return bytes;
    }

    private StateException Damaged(string found) => new($"{_path}: {found}");
}
