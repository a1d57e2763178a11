using System.Collections.Concurrent;
using Strongroom.Audit.Verification;
using Strongroom.Audit.Writer;
using Strongroom.Hsm;
using Strongroom.Hsm.Audit;

namespace Strongroom.Audit.Tests;

/// <summary>A log in a folder of its own, with an identity key and a keeper that lasts over reopenings.</summary>
internal sealed class TestLog : IAsyncDisposable, IAuditHeadKeeper
{
    public TestLog(Func<AuditOptions, AuditOptions>? change = null)
    {
        Options = new AuditOptions(Path.Combine(Folder, "log"), "cluster-test", "hsm-test") { SegmentBytes = 1 << 20, HeadInterval = TimeSpan.FromMinutes(1), Notice = Notices.Enqueue };
        Options = change?.Invoke(Options) ?? Options;
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("audit-").FullName;

    public AuditOptions Options { get; set; }

    public KeySigner Signer { get; set; } = KeySigner.Create();

    /// <summary>Written by the log's own loop.</summary>
    public ConcurrentQueue<string> Notices { get; } = [];

    public AuditHead? Newest { get; set; }

    public AuditLog Log { get; private set; } = null!;

    public AuditSubject Alice { get; } = new("alice", Role.CryptoUser, default, "127.0.0.9");

    public async Task<AuditLog> OpenAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return Log = await AuditLog.OpenAsync(Options, Signer, this);
            }
            catch (AuditFailedException e) when (tries < 1000 && e.Message.Contains("another process writes", StringComparison.Ordinal))
            {
                // A process that another test starts just now has the lock of the log before, too, until it runs its own program.
                await Task.Delay(10);
            }
        }
    }

    public Task KeepAsync(AuditHead head, CancellationToken cancel)
    {
        Newest = head;
        return Task.CompletedTask;
    }

    public void Sign(ulong key, int count = 1)
    {
        Span<byte> digest = stackalloc byte[32];
        for (var i = 0; i < count; i++)
        {
            AuditLog.DigestOf(BitConverter.GetBytes(key + (ulong)i), digest);
            Log.Append(new AuditEvent { Operation = AuditOperation.Sign, Subject = Alice, Session = new SessionId(3), Mechanism = 0x1041, Key = new ObjectHandle(key + (ulong)i), Digest = digest });
        }
    }

    public VerificationReport Verify(params AuditHead[] anchors) => LogVerifier.Verify(Options.Directory, [Signer.Certificate], anchors);

    public List<AuditEntry> Entries()
    {
        while (true)
        {
            try
            {
                return [.. SegmentEntries.Of(Options.Directory)];
            }
            catch (FileNotFoundException)
            {
                // A segment was compressed or removed between listing and reading.
            }
        }
    }

    /// <summary>The segment files, in order.</summary>
    public IReadOnlyList<SegmentFile> Segments() => LogFiles.Segments(Options.Directory);

    public async ValueTask DisposeAsync()
    {
        if (Log is not null)
        {
            await Log.DisposeAsync();
        }

        Signer.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
