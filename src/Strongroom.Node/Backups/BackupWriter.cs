using System.Buffers.Binary;
using System.Formats.Cbor;
using Strongroom.Node.State;
using Strongroom.Store;

namespace Strongroom.Node.Backups;

/// <summary>
/// Writes a backup: the header's line, then frames of a 4-byte big-endian length and as many bytes: opener, sealed key, the cluster's items (<see cref="BackupReader.Items"/>), and then, each behind a byte with its kind, pages of records and the end.
/// The file is there under its name only when it is whole and durable.
/// </summary>
internal sealed class BackupWriter : IDisposable
{
    // Bytes of records after which a page is closed; a single record has at most 1.5 MB (StoreLimits).
    private const int PageBytes = 512 * 1024;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly BackupSeal _seal;
    private readonly List<StoredRecord> _page = [];
    private int _bytes;
    private ulong _pages;
    private bool _finished;

    /// <exception cref="StateException">there is such a file already, or it can't be written</exception>
    public BackupWriter(string path, BackupHeader header, byte[] opener, byte[] sealedKey, BackupSeal seal)
    {
        (_path, _seal) = (path, seal);
        if (File.Exists(path))
        {
            throw new StateException($"{path} exists already; a backup overwrites nothing");
        }

        _file = new FileStream(Draft, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 1 << 16,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        _file.Write(header.Encode());
        Frame(opener);
        Frame(sealedKey);
    }

    /// <summary>Records written until now.</summary>
    public ulong Records { get; private set; }

    private string Draft => _path + ".new";

    /// <summary>Writes an item, in the order of <see cref="BackupReader.Items"/>.</summary>
    public void WriteItem(string item, ReadOnlySpan<byte> plaintext) => Frame(_seal.SealItem(item, plaintext));

    public void WriteRecords(IReadOnlyList<StoredRecord> records)
    {
        foreach (var record in records)
        {
            _page.Add(record);
            _bytes += record.Path.Length + record.Value.Length;
            if (_bytes >= PageBytes)
            {
                ClosePage();
            }
        }

        Records += (ulong)records.Count;
    }

    /// <summary>Ends the file and makes it durable. Its name is given to it by <see cref="Keep"/>.</summary>
    /// <returns>Where it lies until then.</returns>
    public string Finish()
    {
        ClosePage();
        Sealed(BackupSeal.End, []);
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        return Draft;
    }

    /// <summary>Gives the finished and verified file its name.</summary>
    public void Keep()
    {
        File.Move(Draft, _path);
        DurableFile.SyncDirectory(Path.GetDirectoryName(_path)!);
        _finished = true;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_finished)
        {
            File.Delete(Draft);
        }
    }

    private void ClosePage()
    {
        if (_page.Count == 0)
        {
            return;
        }

        var cbor = new CborWriter(CborConformanceMode.Canonical);
        cbor.WriteStartArray(2 * _page.Count);
        foreach (var record in _page)
        {
            cbor.WriteTextString(record.Path);
            cbor.WriteByteString(record.Value.Span);
        }

        cbor.WriteEndArray();
        Sealed(BackupSeal.Page, cbor.Encode());
        _page.Clear();
        _bytes = 0;
    }

    private void Sealed(byte kind, ReadOnlySpan<byte> plaintext) => Frame([kind, .. _seal.SealPage(kind, _pages++, plaintext)]);

    private void Frame(ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        _file.Write(length);
        _file.Write(bytes);
    }
}
