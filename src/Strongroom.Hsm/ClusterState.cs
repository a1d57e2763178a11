using System.Collections.Concurrent;
using Strongroom.Audit;
using Strongroom.Hsm.Audit;
using Strongroom.Hsm.Mtls;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Users;
using Strongroom.Store.Commits;
using Strongroom.Store.Heads;

namespace Strongroom.Hsm;

/// <summary>
/// The cluster as this HSM knows it: the records of the store, decoded. The store tells every record once and every commit afterwards, in order, whoever made it; nothing else changes this.
/// </summary>
internal sealed class ClusterState(LiveKeys live, Clock clock) : IRecordConsumer
{
    // 1.2 million a ten minutes at 2,000 creations a second.
    private const int MaxRecent = 2_000_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _tombstones = new();

    public TokenObjects Objects { get; } = new();

    public UserTable Users { get; } = new();

    public RecentCreations Recent { get; } = new(RecentCreations.Kept, MaxRecent);

    /// <summary>The newest heads of the HSMs' audit logs that were kept, by path.</summary>
    public ConcurrentDictionary<string, AuditHead> AuditHeads { get; } = new();

    /// <summary>What an admin has set.</summary>
    public ClusterSettings Settings { get; private set; } = ClusterSettings.AtBirth;

    /// <summary>How many approvals the admins' services take.</summary>
    public QuorumSettings Quorum { get; private set; } = QuorumSettings.Initial;

    /// <summary>Trust anchors for clients, by reference.</summary>
    public ConcurrentDictionary<int, TrustAnchor> Anchors { get; } = new();

    /// <summary>Whether clients must show a certificate.</summary>
    public bool IsMtlsEnforced { get; private set; }

    /// <summary>Raised on the store's feed after the two above have changed.</summary>
    public event Action? MtlsChanged;

    /// <summary>Null until the cluster's birth was read.</summary>
    public ClusterRecord? Cluster { get; private set; }

    /// <summary>Tombstones that nobody needs any more.</summary>
    public IReadOnlyList<string> ExpiredTombstones(int limit)
    {
        DateTimeOffset now = clock.Wall;
        return [.. _tombstones.Where(one => now - one.Value > RecentCreations.Kept).Take(limit).Select(one => one.Key)];
    }

    public object? Prepare(string path, ReadOnlyMemory<byte> content) =>
        path.StartsWith(ObjectRecord.Prefix, StringComparison.Ordinal) ? ObjectRecord.Read(path, 0, content)
        : path.StartsWith(UserRecord.Prefix, StringComparison.Ordinal) ? UserRecord.Read(path, content)
        : path.StartsWith(Tombstone.Prefix, StringComparison.Ordinal) ? Tombstone.Read(path, content)
        : path.StartsWith(AuditHeadRecord.Prefix, StringComparison.Ordinal) ? AuditHeadRecord.Read(path, content)
        : path.StartsWith(TrustAnchorRecord.Prefix, StringComparison.Ordinal) ? TrustAnchorRecord.Read(path, content)
        : path == EnforcementRecord.Path ? EnforcementRecord.Read(content)
        : path == QuorumRecord.Path ? QuorumRecord.Read(content)
        : path == ClusterRecord.Path ? ClusterRecord.Read(content)
        : path == ClusterSettings.Path ? ClusterSettings.Read(content)
        : throw new FormatException($"{path} is no record that this version knows.");

    public void Apply(IReadOnlyList<RecordChange> changes, HeadPosition position)
    {
        foreach (RecordChange change in changes)
        {
            if (change.Content is null)
            {
                Remove(change.Path);
            }
            else
            {
                Put(change);
            }
        }
    }

    private void Put(in RecordChange change)
    {
        Moment now = clock.Now;
        switch (change.Prepared)
        {
            case HsmObject item:
                HsmObject versioned = item with { Version = change.Version };
                live.Forget(item.Handle);
                Objects.Put(versioned);
                Recent.Add(item.Creation, item.CreationPart, item.Handle, now.Wall - item.Created, now.SinceBoot);
                break;
            case UserRecord user:
                Users.Put(user);
                break;
            case Tombstone tombstone:
                _tombstones[change.Path] = tombstone.Destroyed;
                Recent.Add(tombstone.Request, 0, tombstone.Handle, now.Wall - tombstone.Destroyed, now.SinceBoot);
                break;
            case AuditHead head:
                AuditHeads[change.Path] = head;
                break;
            case TrustAnchor anchor:
                Anchors[anchor.Reference] = anchor;
                MtlsChanged?.Invoke();
                break;
            case EnforcementRecord mtls:
                IsMtlsEnforced = mtls.IsEnforced;
                MtlsChanged?.Invoke();
                break;
            case QuorumSettings quorum:
                Quorum = quorum;
                break;
            case ClusterRecord cluster:
                Cluster = cluster;
                break;
            case ClusterSettings settings:
                Settings = settings;
                break;
            default:
                throw new FormatException($"{change.Path} was not prepared.");
        }
    }

    private void Remove(string path)
    {
        if (path.StartsWith(ObjectRecord.Prefix, StringComparison.Ordinal))
        {
            ObjectHandle handle = ObjectRecord.HandleOf(path);
            Objects.Remove(handle);
            live.Forget(handle);
        }
        else if (path.StartsWith(UserRecord.Prefix, StringComparison.Ordinal))
        {
            Users.Remove(path);
        }
        else if (path.StartsWith(TrustAnchorRecord.Prefix, StringComparison.Ordinal))
        {
            Anchors.TryRemove(int.Parse(path.AsSpan(TrustAnchorRecord.Prefix.Length), System.Globalization.CultureInfo.InvariantCulture), out _);
            MtlsChanged?.Invoke();
        }
        else if (path.StartsWith(AuditHeadRecord.Prefix, StringComparison.Ordinal))
        {
            AuditHeads.TryRemove(path, out _);
        }
        else
        {
            _tombstones.TryRemove(path, out _);
        }
    }
}
