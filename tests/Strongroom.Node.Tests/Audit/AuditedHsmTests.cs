using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Strongroom.Audit;
using Strongroom.Audit.Exports;
using Strongroom.Audit.Verification;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Node.Audit;

/// <summary>The log that the real HSM writes, read from its state directory as somebody with a copy of it would.</summary>
public sealed class AuditedHsmTests(TestHsm hsm) : IClassFixture<TestHsm>
{
    private const string Planted = "plantedpass-7Qx2";
    private static readonly byte[] AdminPassword = "adminpassword"u8.ToArray();
    private static readonly WireAttribute[] P256 = [new(0x180, Convert.FromHexString("06082A8648CE3D030107"), null), new(0x10A, new byte[] { 1 }, null)];
    private static readonly WireAttribute[] MaySign = [new(0x108, new byte[] { 1 }, null)];
    private static readonly WireMechanism PairGen = new(0x1040, 0, null, null, null, null, null, null, null);
    private static readonly WireMechanism EcdsaSha256 = new(0x1044, 0, null, null, null, null, null, null, null);

    private static readonly WireMechanism HmacSha256 = new(0x251, 0, null, null, null, null, null, null, null);
    private static readonly WireAttribute[] GenericSecret = [new(0x0, BitConverter.GetBytes(4UL), null), new(0x100, BitConverter.GetBytes(0x10UL), null), .. MaySign];

    private string Folder => Path.Combine(hsm.State, "audit");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_did_what_with_which_key_from_where_is_recorded()
    {
        await using var client = await UserAsync("recorded");
        await using var session = await client.OpenSessionAsync(readWrite: true, Cancel);
        var pair = await session.GenerateKeyPairAsync(PairGen, P256, MaySign, Cancel);
        var data = "the data that was signed"u8.ToArray();
        var signature = await session.SignAsync(EcdsaSha256, pair.PrivateHandle, data, Cancel);
        await Assert.ThrowsAsync<HsmRefusedException>(() => session.VerifyAsync(EcdsaSha256, pair.PublicHandle, "other data"u8.ToArray(), signature, Cancel));
        await Assert.ThrowsAsync<HsmRefusedException>(() => client.CreateUserAsync("nobodyelse", Role.CryptoUser, Encoding.ASCII.GetBytes(Planted), Cancel));

        var mine = Read().Where(e => e.Subject.User == "recorded").ToList();
        Assert.Equal(
            [AuditOperation.Login, AuditOperation.OpenSession, AuditOperation.GenerateKeyPair, AuditOperation.Sign, AuditOperation.Verify, AuditOperation.CreateUser],
            mine.Select(e => e.Event.Operation).Where(o => o != AuditOperation.ResumeLogin));
        var made = mine.Single(e => e.Event.Operation == AuditOperation.GenerateKeyPair);
        Assert.Equal((pair.PrivateHandle, pair.PublicHandle, 0x1040u), (made.Event.Key!.Value, made.Event.SecondKey!.Value, made.Event.Mechanism!.Value));
        var signed = mine.Single(e => e.Event.Operation == AuditOperation.Sign);
        Assert.Equal((pair.PrivateHandle, 0x1044u, 0u), (signed.Event.Key!.Value, signed.Event.Mechanism!.Value, signed.Event.Result));
        Assert.Equal(AuditDigest.From(SHA256.HashData(data)), signed.Event.Digest);
        Assert.StartsWith("127.", signed.Subject.Address, StringComparison.Ordinal);
        Assert.Equal(0xC0u, mine.Single(e => e.Event.Operation == AuditOperation.Verify).Event.Result);
        var refused = mine.Single(e => e.Event.Operation == AuditOperation.CreateUser).Event;
        Assert.NotEqual(0u, refused.Result);
        Assert.Null(refused.Target);
    }

    [Fact]
    public async Task A_key_that_comes_of_two_is_recorded_with_each()
    {
        await using var client = await UserAsync("derives");
        await using var session = await client.OpenSessionAsync(readWrite: true, Cancel);
        WireAttribute[] derives = [.. GenericSecret, new(0x10C, new byte[] { 1 }, null), new(0x11, new byte[32], null)];
        var (from, salt) = (await session.CreateObjectAsync(derives, Cancel), await session.CreateObjectAsync(derives, Cancel));
        var key = await session.DeriveKeyAsync(new(0x402A, (ulong)Shape.Hkdf, Bits: 3, Hash: 0x250, Mgf: 4, Length: salt), from, [new(0x161, BitConverter.GetBytes(32UL), null)], Cancel);
        Assert.Equal([(key, from), (key, salt)], Read().Where(e => e.Subject.User == "derives" && e.Event.Operation == AuditOperation.DeriveKey).Select(e => (e.Event.Key!.Value, e.Event.SecondKey!.Value)));
    }

    [Fact]
    public Task After_a_kill_every_acknowledged_signature_is_there_and_the_chain_verifies_with_the_certificates_beside_it() => KillUnderLoadAsync(rounds: 3, signers: 4);

    [Fact(Explicit = true)]
    public Task After_a_hundred_kills_too() => KillUnderLoadAsync(rounds: 100, signers: 16);

    // Kills while signatures are under way; every client goes on by its ticket.
    private async Task KillUnderLoadAsync(int rounds, int signers)
    {
        await using var client = await UserAsync("killed");
        await using var session = await client.OpenSessionAsync(readWrite: true, Cancel);
        var pair = await session.GenerateKeyPairAsync(PairGen, P256, [.. MaySign, new(0x1, new byte[] { 1 }, null)], Cancel);
        var acknowledged = new ConcurrentQueue<AuditDigest>();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, signers).Select(signer => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var data = Encoding.ASCII.GetBytes($"{signer} {i}");
                await session.SignAsync(EcdsaSha256, pair.PrivateHandle, data, Cancel);
                acknowledged.Enqueue(AuditDigest.From(SHA256.HashData(data)));
            }
        })).ToArray();
        for (var round = 1; round <= rounds; round++)
        {
            var enough = acknowledged.Count + RandomNumberGenerator.GetInt32(1, 200);
            while (acknowledged.Count < enough && !load.Any(task => task.IsCompleted))
            {
                await Task.Delay(1, Cancel);
            }

            await hsm.RestartAsync();   // SIGKILL
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        var logged = Read().Where(e => e.Event.Operation == AuditOperation.Sign && e.Event.Key == pair.PrivateHandle).Select(e => e.Event.Digest!.Value).ToHashSet();
        Assert.All(acknowledged, a => Assert.Contains(a, logged));
        var report = await SignedReportAsync();
        Assert.True(report.IsIntact, report.ToString());
        Assert.True(report.Notes.Count(n => n.StartsWith("the HSM was not stopped cleanly", StringComparison.Ordinal)) >= rounds, report.ToString());
    }

    [Fact]
    public async Task No_password_no_key_no_message_and_no_unknown_name_is_anywhere_in_the_log_or_its_exports()
    {
        await using var admin = new HsmClient(hsm.Options);
        await admin.LoginAsync(UserType.So, "admin", AdminPassword, Cancel);
        await admin.CreateUserAsync("planted", Role.CryptoUser, Encoding.ASCII.GetBytes(Planted), Cancel);
        await using var client = new HsmClient(hsm.Options);
        await Assert.ThrowsAsync<HsmRefusedException>(() => client.LoginAsync(UserType.User, "typed_by_mistake", "wrong-6Hw1zz"u8.ToArray(), Cancel));
        await client.LoginAsync(UserType.User, "planted", Encoding.ASCII.GetBytes(Planted), Cancel);
        await using (var session = await client.OpenSessionAsync(readWrite: true, Cancel))
        {
            var key = await session.CreateObjectAsync([.. GenericSecret, new(0x11, "imported-key-3Kd"u8.ToArray(), null)], Cancel);
            await session.SignAsync(HmacSha256, key, "a message-9Zp"u8.ToArray(), Cancel);
        }

        var exported = new StringWriter();
        foreach (var entry in Read())
        {
            AwsText.Write(exported, entry);
            await exported.WriteLineAsync(JsonLines.ToText(entry));
        }

        Assert.Contains("planted", exported.ToString(), StringComparison.Ordinal);
        foreach (var secret in new[] { Planted, "wrong-6Hw1zz", "typed_by_mistake", "adminpassword", "imported-key-3Kd", "a message-9Zp" })
        {
            Assert.DoesNotContain(secret, exported.ToString(), StringComparison.Ordinal);
            foreach (var file in LogFiles.Segments(Folder))
            {
                Assert.True(BytesOf(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret)) < 0, $"{secret} is in {file.Path}");
            }
        }
    }

    private async Task<HsmClient> UserAsync(string name)
    {
        await using var admin = new HsmClient(hsm.Options);
        await admin.LoginAsync(UserType.So, "admin", AdminPassword, Cancel);
        await admin.CreateUserAsync(name, Role.CryptoUser, Encoding.ASCII.GetBytes(Planted), Cancel);
        var client = new HsmClient(hsm.Options);
        await client.LoginAsync(UserType.User, name, Encoding.ASCII.GetBytes(Planted), Cancel);
        return client;
    }

    // A head is signed about a second after the first event.
    private async Task<VerificationReport> SignedReportAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        while (true)
        {
            var report = LogVerifier.Verify(Folder, Certificates());
            if (report.CompleteUpTo is not null || !report.IsIntact)
            {
                return report;
            }

            await Task.Delay(100, deadline.Token);
        }
    }

    private X509Certificate2[] Certificates()
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(File.ReadAllText(Path.Combine(Folder, LogFiles.Certificates)));
        Assert.Equal(2, certificates.Count);
        return [.. certificates];
    }

    // Every byte of a segment, unpacked if it was compressed, also since it was listed.
    private static byte[] BytesOf(SegmentFile segment)
    {
        var path = File.Exists(segment.Path) ? segment.Path : Path.Combine(Path.GetDirectoryName(segment.Path)!, LogFiles.NameOf(segment.Number, compressed: true));
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var copy = new MemoryStream();
        plain.CopyTo(copy);
        return copy.ToArray();
    }

    private List<AuditEntry> Read() => [.. SegmentEntries.Of(Folder)];
}
