namespace Strongroom.Store.Sqlite;

/// <summary>What a SQLite store is told when it opens.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>How often changes by other processes are looked for (PRAGMA data_version: 2 µs).</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(15);

    /// <summary>How long a writer waits for its turn.</summary>
    public TimeSpan TurnDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Commits that the history keeps. Who is further behind reads everything anew.</summary>
    public int HistoryCommits { get; init; } = 10_000;

    /// <summary>Bytes of values that the history keeps; large commits shorten it.</summary>
    public long HistoryBytes { get; init; } = 64L << 20;

    /// <summary>Pages of 4 KiB that the database may grow to, as if the disk ended there; null for no limit but the disk's.</summary>
    public long? MaximumPages { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
