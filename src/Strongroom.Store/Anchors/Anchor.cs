using Microsoft.Win32.SafeHandles;
using Strongroom.Crypto;
using Strongroom.Store.Files;
using Strongroom.Store.Heads;
using Strongroom.Store.Sealing;

namespace Strongroom.Store.Anchors;

/// <summary>
/// An HSM's own memory of the newest head, a file in its state directory, outside the store: what makes a rolled back store visible.
/// The file has two places, written in turn, each made durable after the commit and before its acknowledgement; the newer one counts. Both exist from the beginning, so that a full disk does not matter to it.
/// Whoever rolls back the store and this file together is not seen.
/// </summary>
public sealed class Anchor : IDisposable
{
    private const ulong OnlyEpoch = 1; // of the root of trust's key, which is no cluster key

    private readonly string _path;
    private readonly HsmId _hsm;
    private readonly SafeFileHandle _file;
    private readonly FileIdentity _identity;
    private readonly ClusterKeys _keys;
    private readonly Sealer _sealer;

    // Under _lock; the slot is a value of several words.
    private readonly Lock _lock = new();
    private AnchorSlot _newest;

    private Anchor(string path, SafeFileHandle file, SecretBuffer key, ClusterId cluster, HsmId hsm)
    {
        (_path, _file, _hsm) = (path, file, hsm);
        _identity = LinuxFile.Stat(file).Identity;
        _keys = new(cluster);
        _keys.Add(OnlyEpoch, SecretBuffer.CopyOf(key.Span));
        _sealer = new(_keys, "anchor");
    }

    /// <summary>Makes the file, remembering nothing yet.</summary>
    /// <param name="key">256 bits given by the root of trust; copied.</param>
    /// <exception cref="IOException">There is one already.</exception>
    public static Anchor Create(string path, SecretBuffer key, ClusterId cluster, HsmId hsm)
    {
        var anchor = new Anchor(path, File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite), key, cluster, hsm);
        LinuxFile.MakePrivate(anchor._file, path);
        anchor._newest = new(1, default, default);
        foreach (var slot in (ReadOnlySpan<AnchorSlot>)[new(0, default, default), anchor._newest])
        {
            anchor.WriteSlot(slot);
        }
        LinuxFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return anchor;
    }

    /// <summary>Makes the file for a store that was restored from a backup: it remembers a head that no commit reaches, so that only an <see cref="Acceptance"/> leads past it.</summary>
    /// <param name="epoch">Of the restored head.</param>
    /// <exception cref="IOException">There is one already.</exception>
    public static Anchor CreateForBackup(string path, SecretBuffer key, ClusterId cluster, HsmId hsm, ulong epoch)
    {
        var anchor = Create(path, key, cluster, hsm);
        anchor.Advance(new(epoch, ulong.MaxValue), default);
        return anchor;
    }

    /// <exception cref="StoreDamagedException">The file is missing, or any bit of it was changed.</exception>
    public static Anchor Open(string path, SecretBuffer key, ClusterId cluster, HsmId hsm)
    {
        if (!File.Exists(path))
        {
            throw new StoreDamagedException(path, "the anchor is missing: whether the store was rolled back can't be known");
        }
        var anchor = new Anchor(path, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite), key, cluster, hsm);
        try
        {
            anchor._newest = anchor.ReadNewest();
            return anchor;
        }
        catch
        {
            anchor.Dispose();
            throw;
        }
    }

    /// <summary>The newest head that this HSM knew.</summary>
    public HeadPosition Position
    {
        get
        {
            lock (_lock)
            {
                return _newest.Position;
            }
        }
    }

    /// <summary>Refuses a head that is older than the remembered one, or another one at the same position.</summary>
    /// <param name="accepted">What an admin has decided; another step than this one is refused all the same.</param>
    /// <exception cref="RollbackException">It is.</exception>
    internal void Check(HeadPosition position, HeadHash hash, Acceptance? accepted = null)
    {
        var asked = Ask(position, hash);
        if (asked == accepted)
        {
            return;
        }
        if (asked.Anchor > position)
        {
            throw new RollbackException(asked, "the store is older than this HSM's memory of it");
        }
        if (asked.Anchor == position && asked.AnchorHash != hash)
        {
            throw new RollbackException(asked, "the head there is another one than this HSM remembers");
        }
    }

    /// <summary>What would have to be decided for a head to take the place of the remembered one.</summary>
    internal Acceptance Ask(HeadPosition position, HeadHash hash)
    {
        lock (_lock)
        {
            return new(_newest.Position, _newest.Head, position, hash);
        }
    }

    /// <summary>The remembered head's hash, if it stood at this sequence.</summary>
    internal HeadHash? HashAt(HeadPosition position)
    {
        lock (_lock)
        {
            return _newest.Position == position ? _newest.Head : null;
        }
    }

    /// <summary>Remembers a newer head; durable when it returns. An older or the same one changes nothing.</summary>
    /// <exception cref="StoreException">It could not be made durable.</exception>
    internal void Advance(HeadPosition position, HeadHash hash)
    {
        lock (_lock)
        {
            if (position <= _newest.Position)
            {
                return;
            }
            if (LinuxFile.Stat(_path)?.Identity != _identity)
            {
                throw new StoreDamagedException(_path, "the anchor was moved away or replaced while this HSM was running");
            }
            var next = new AnchorSlot(_newest.Count + 1, position, hash);
            WriteSlot(next);
            _newest = next;
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _sealer.Dispose();
        _keys.Dispose();
    }

    // The counts of the two places are one apart; the odd ones lie in the second place.
    private void WriteSlot(AnchorSlot slot)
    {
        var index = (int)(slot.Count % 2);
        try
        {
            RandomAccess.Write(_file, slot.Write(index, _sealer, _hsm), (long)index * AnchorSlot.Length);
        }
        catch (IOException failed)
        {
            throw new StoreException($"{_path}: the anchor can't be written ({failed.Message}).", failed);
        }
        Fault.Point("anchor.before-sync");
        LinuxFile.SyncData(_file, _path);
    }

    private AnchorSlot ReadNewest()
    {
        var bytes = new byte[2 * AnchorSlot.Length];
        var length = RandomAccess.GetLength(_file);
        if (length != bytes.Length || RandomAccess.Read(_file, bytes, 0) != bytes.Length)
        {
            throw new StoreDamagedException(_path, $"the anchor has {length} bytes instead of {bytes.Length}");
        }
        Span<AnchorSlot> slots = stackalloc AnchorSlot[2];
        for (var index = 0; index < 2; index++)
        {
            try
            {
                slots[index] = AnchorSlot.Read(bytes.AsSpan(index * AnchorSlot.Length, AnchorSlot.Length), index, _sealer, _hsm);
            }
            catch (Exception broken) when (broken is FormatException or UnknownEpochException)
            {
                throw new StoreDamagedException(_path, $"place {index} of the anchor can't be read: {broken.Message}", broken);
            }
        }
        var newest = slots[0].Count > slots[1].Count ? slots[0] : slots[1];
        var older = slots[0].Count > slots[1].Count ? slots[1] : slots[0];
        return newest.Count == older.Count + 1 && older.Position <= newest.Position
            ? newest
            : throw new StoreDamagedException(_path, $"the two places of the anchor do not belong together (written {older.Count} and {newest.Count} times)");
    }
}
