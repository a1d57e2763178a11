using Microsoft.Extensions.Logging;
using Strongroom.Audit;
using Strongroom.Crypto;
using Strongroom.Hsm;
using Strongroom.Node.Backups;
using Strongroom.Node.Birth;
using Strongroom.Node.State;
using Strongroom.Node.Trust;
using Strongroom.Store;
using Strongroom.Store.Anchors;
using Strongroom.Store.Backups;
using Strongroom.Store.Sealing;
using Strongroom.Store.Sqlite;
using Strongroom.Wire;

namespace Strongroom.Node.Life;

// What a cluster comes back from: backups, and the acceptance of a store that is older than this HSM remembers.
internal sealed partial class HsmLife
{
    private const int BackupAttempts = 3;

    // Written by the one backup or restore that can be under way; read by Describe.
    private long _copied;

    /// <summary>Writes a backup of the cluster, sealed under this HSM's root of trust, and verifies it by reading it back.</summary>
    /// <param name="path">absolute; nothing is overwritten</param>
    /// <param name="cancel">gives up, leaving nothing behind</param>
    public Task<BackupReply> BackupAsync(string path, CancellationToken cancel) => StepAsync(
        async () =>
        {
            _ = Unsealed();
            var cluster = _cluster is { Identity.IsInitialized: true } open ? open : throw new NotNowException("there is nothing to back up before the cluster is initialized");
            if (!Path.IsPathFullyQualified(path) || path.EndsWith('/'))
            {
                throw new NotNowException($"{path} is not the absolute path of a file");
            }

            if (File.Exists(path))
            {
                throw new NotNowException($"{path} exists already; a backup overwrites nothing");
            }

            await cluster.Module.RecordAsync(AuditOperation.BackupBegin, path).ConfigureAwait(false);
            try
            {
                var made = await WriteBackupAsync(cluster, path, cancel).ConfigureAwait(false);
                await cluster.Module.RecordAsync(AuditOperation.BackupEnd, $"{path}: {made.Records} records at {made.Position}").ConfigureAwait(false);
                var bytes = (ulong)new FileInfo(path).Length;
                Log.BackedUp(_logger, path, made.Records, made.Position.Epoch, made.Position.Sequence);
                return new BackupReply(made.Records, made.Position.Epoch, made.Position.Sequence, bytes);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or StateException)
            {
                // A disk that is full, a folder that is not there: the HSM itself is well.
                await cluster.Module.RecordAsync(AuditOperation.BackupEnd, $"{path}: failed").ConfigureAwait(false);
                throw new NotNowException($"no backup was made: {e.Message}");
            }
        },
        cancel);

    /// <summary>Takes a backup into this blank HSM. It serves once an admin has accepted the store.</summary>
    /// <param name="path">absolute</param>
    /// <param name="passphrase">of the HSM that made it; empty if its root of trust was a file</param>
    /// <param name="rootKeyFile">copy of that HSM's root.key; empty if its root of trust was a passphrase</param>
    /// <param name="cancel">gives up</param>
    /// <returns>false if this is not what opens the backup</returns>
    public Task<bool> RestoreAsync(string path, ReadOnlyMemory<byte> passphrase, string rootKeyFile, CancellationToken cancel) => StepAsync(
        async () =>
        {
            var identity = Unsealed();
            if (_cluster is not null || _unaccepted is not null)
            {
                throw new NotNowException("this HSM has a cluster already; a backup is restored into a new one");
            }

            if (!identity.IsCertified)
            {
                throw new BirthException("this HSM has no hardware certificates yet; hold the ceremony first");
            }

            if (File.Exists(_state.Hsm.Store))
            {
                throw new BirthException($"there is a store at {_state.Hsm.Store} already; remove it if a restore was interrupted, else it is another cluster's");
            }

            try
            {
                if (!await TakeBackupAsync(path, passphrase, rootKeyFile, identity, cancel).ConfigureAwait(false))
                {
                    await _guesses.PunishAsync(cancel).ConfigureAwait(false);
                    return false;
                }
            }
            catch (Exception e) when (e is StateException or StoreException)
            {
                ClusterIdentity.Discard(_state);
                throw new BirthException($"nothing was restored: {e.Message}");
            }

            await OpenClusterAsync(_root!, cancel).ConfigureAwait(false);
            Log.Reached(_logger, _state.Hsm.Hsm, State.ToString());
            return true;
        },
        cancel);

    /// <summary>Serves a store that is older than this HSM remembers, from a new epoch on, because admins of the cluster say so: as many as its quorum asks for.</summary>
    /// <param name="words">theirs</param>
    /// <param name="cancel">gives up</param>
    /// <returns>null if a name, a password or a second factor is wrong</returns>
    public Task<AcceptStoreReply?> AcceptStoreAsync(IReadOnlyList<AdminWord> words, CancellationToken cancel) => StepAsync<AcceptStoreReply?>(
        async () =>
        {
            _ = Unsealed();
            if (_unaccepted is not { } asked)
            {
                throw new NotNowException("there is nothing to accept: this HSM's store is what it remembers");
            }

            using (var identity = ClusterIdentity.Open(_state, _root!))
            {
                var proven = await OpenCluster.ProveAdminsAsync(_state, _root!, identity, asked, words, _clock, cancel).ConfigureAwait(false);
                if (proven.Cause == Causes.NoSuchAdmin)
                {
                    await _guesses.PunishAsync(cancel).ConfigureAwait(false);
                    Log.WrongAdmin(_logger, _guesses.Wrong);
                    return null;
                }

                if (!proven.IsOk)
                {
                    throw new NotNowException(proven.Cause.ToString());
                }
            }

            var admins = string.Join(", ", words.Select(word => word.Name).Distinct());
            _guesses.Forgive();
            ClusterIdentity.BeginEpoch(_state, _root!, after: Math.Max(asked.Anchor.Epoch, asked.Head.Epoch));
            OpenCluster.KeepAcceptance(_state, _root!, asked, admins);
            _unaccepted = null;
            await OpenClusterAsync(_root!, cancel).ConfigureAwait(false);
            var position = _cluster?.Module.Position ?? throw new NotNowException($"the store changed while it was being accepted: {_waitsFor}");
            Log.Accepted(_logger, admins, asked.Head.Epoch, asked.Head.Sequence, position.Epoch);
            return new AcceptStoreReply(asked.Head.Epoch, asked.Head.Sequence, position.Epoch);
        },
        cancel);

    private async Task<BackedUpStore> WriteBackupAsync(OpenCluster cluster, string path, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryWriteBackupAsync(cluster, path, cancel).ConfigureAwait(false);
            }
            catch (StoreException) when (attempt < BackupAttempts)
            {
                // So much was written meanwhile that the store forgot the moment which was being copied.
            }
        }
    }

    private async Task<BackedUpStore> TryWriteBackupAsync(OpenCluster cluster, string path, CancellationToken cancel)
    {
        var root = _root!;
        var mode = cluster.Module.Mode == ClusterMode.Fips ? "FIPS" : "NON_FIPS";
        var header = new BackupHeader(cluster.Identity.Cluster.Value, _state.Hsm.Hsm, mode, _trust.Name, _clock.GetUtcNow());
        var opener = _trust.Opener();
        using var seal = BackupSeal.Draw(root, header, opener, out var sealedKey);
        using var writer = new BackupWriter(path, header, opener, sealedKey, seal);
        ClusterIdentity.Export(_state, root, writer.WriteItem);
        await cluster.CopyAsync(
            page =>
            {
                writer.WriteRecords(page);
                Interlocked.Exchange(ref _copied, (long)writer.Records);
                return Task.CompletedTask;
            },
            cancel).ConfigureAwait(false);
        var draft = writer.Finish();

        // Read back from the file, with nothing but what the file and the root of trust give.
        using var reader = BackupReader.Open(draft);
        using var again = reader.TryOpen(root) ?? throw new StateException($"{draft} does not open after it was written");
        using var keys = ClusterIdentity.ReadKeys(reader.Item(again, BackupReader.ClusterKey), cluster.Identity.Cluster, draft);
        var made = await StoreCopy.VerifyAsync(reader.ReadAsync(again, cancel), keys, cancel).ConfigureAwait(false);
        writer.Keep();
        return made;
    }

    private async Task<bool> TakeBackupAsync(string path, ReadOnlyMemory<byte> passphrase, string rootKeyFile, HardwareIdentity identity, CancellationToken cancel)
    {
        using var reader = BackupReader.Open(path);
        using var theirs = await RootOfTrust.OpenElsewhereAsync(reader.Header.RootOfTrust, reader.Opener, reader.Header.Hsm, passphrase, rootKeyFile, cancel).ConfigureAwait(false);
        using var seal = theirs is null ? null : reader.TryOpen(theirs);
        if (seal is null)
        {
            return false;
        }

        ClusterIdentity.Discard(_state);
        _state.WriteText(ClusterIdentity.RestoredItem, path); // first: without it, what follows would look like a cluster whose birth is missing
        var cluster = new ClusterId(reader.Header.Cluster);
        using var taken = ClusterIdentity.Import(_state, _root!, identity, cluster, item => reader.Item(seal, item), _clock.GetUtcNow());
        var whole = await StoreCopy.VerifyAsync(reader.ReadAsync(seal, cancel), taken.Keys, cancel).ConfigureAwait(false);
        await OpenCluster.FillAsync(_state, _root!, cluster, reader.ReadAsync(seal, cancel), whole.Position.Epoch, cancel).ConfigureAwait(false);
        _state.WriteText(ClusterIdentity.RestoredItem, $"backup by {reader.Header.Hsm} of {reader.Header.Made:u}, {whole.Records} records at {whole.Position}");
        taken.Complete();
        Log.Restored(_logger, path, whole.Records, whole.Position.Epoch, whole.Position.Sequence);
        return true;
    }
}
