using System.Globalization;
using System.Text;
using Strongroom.Audit;
using Strongroom.Audit.Writer;
using Strongroom.Hsm;
using Strongroom.Hsm.Audit;

// usage: writer DIR kernel|durable THREADS. Keeps DIR/log, DIR/identity.pem, DIR/kept.json. Each thread logs uses of key THREAD with session numbers 1, 2, 3, …
// and prints "THREAD NUMBER" when the reply would leave: each line one write, so that a kill can't hold acknowledged lines back.
// AUDIT_PLAIN=1: finished segments stay as they are; compressing one writes and fsyncs it again.
var (directory, mode, threads) = (args[0], args[1] == "durable" ? AuditMode.Durable : AuditMode.Kernel, int.Parse(args[2], CultureInfo.InvariantCulture));
using var signer = KeySigner.InFile(Path.Combine(directory, "identity.pem"));
var options = new AuditOptions(Path.Combine(directory, "log"), "cluster-test", "hsm-test")
{
    Mode = mode,
    SegmentBytes = 1 << 20,
    Capacity = 1 << 30,
    Notice = Console.Error.WriteLine,
    Compress = Environment.GetEnvironmentVariable("AUDIT_PLAIN") is null
};
await using var log = await AuditLog.OpenAsync(options, signer, new FileKeeper(Path.Combine(directory, "kept.json")));
using var output = Console.OpenStandardOutput();
var gate = new Lock();

await Task.WhenAll(Enumerable.Range(1, threads).Select(thread => Task.Run(async () =>
{
    var subject = new AuditSubject("user" + thread, Role.CryptoUser, default, "127.0.0.1");
    for (var number = 1UL; ; number++)
    {
        Use(subject, thread, number);
        await log.SettleAsync();
        var line = Encoding.ASCII.GetBytes(FormattableString.Invariant($"{thread} {number}\n"));
        lock (gate)
        {
            output.Write(line);
            output.Flush();
        }

        if (number % 64 == 0)
        {
            await Task.Delay(1);   // so that heads are signed and segments end under load, not in one burst
        }
    }
})));

void Use(AuditSubject subject, int thread, ulong number)
{
    Span<byte> digest = stackalloc byte[32];
    AuditLog.DigestOf("data"u8, digest);
    log.Append(new AuditEvent { Operation = AuditOperation.Sign, Subject = subject, Session = new SessionId(number), Mechanism = 0x1041, Key = new ObjectHandle((ulong)thread), Digest = digest });
}
