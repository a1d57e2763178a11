using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Strongroom.Audit;

namespace Strongroom.Node.Forwarding;

/// <summary>Debian's rsyslogd receives the log over TLS, and is down for a while.</summary>
public sealed class SyslogTests(TestHsm hsm) : IClassFixture<TestHsm>, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly IPAddress _address = TestHsm.RandomLoopback();
    private readonly TestAuthority _authority = new("receivers");
    private Process? _rsyslog;

    public void Dispose()
    {
        Stop();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_event_and_head_arrives_once_the_receiver_is_there_and_operations_do_not_wait_for_it()
    {
        var forwarding = new ForwardingHsm(hsm);
        await File.WriteAllTextAsync(_folder.File("ca.pem"), _authority.Pem, TestContext.Current.CancellationToken);
        await forwarding.ForwardAsync("syslog", $"{_address}:6514", _folder.File("ca.pem"));
        await forwarding.DigestAsync(20);
        Assert.True(await forwarding.LagAsync() >= 20);

        Start();
        await forwarding.CaughtUpAsync();

        // Syslog has no acknowledgement: what is sent but not read yet when the receiver ends would be lost.
        var last = SegmentEntries.Of(Path.Combine(hsm.State, "audit")).Last().Event.Sequence;
        await ForwardingHsm.UntilAsync(() => Task.FromResult(Received().Any(m => m.Id != "Head" && m.Json.GetProperty("sequence").GetUInt64() >= last)), "the last event before the end");
        Stop();
        await forwarding.DigestAsync(20);
        Assert.True(await forwarding.LagAsync() >= 20);
        Start();
        await forwarding.CaughtUpAsync();
        await ForwardingHsm.UntilAsync(() => Task.FromResult(Received().Count(m => m.Id == "Digest") >= 40), "40 digests");

        var received = Received();
        var sequences = received.Where(m => m.Id != "Head").Select(m => m.Json.GetProperty("sequence").GetUInt64()).ToHashSet();
        Assert.Equal(sequences.Max(), (ulong)sequences.Count);   // from the log's first event on, without a gap
        Assert.Contains(received, m => m is { Id: "Head", Severity: 6 } && m.Json.GetProperty("chain").GetString()!.Length == 64);
        Assert.All(received, m => Assert.Equal((TestHsm.Hsm, "strongroom", 13), (m.Host, m.Application, m.Facility)));
    }

    [Fact]
    public async Task A_receiver_under_another_ca_gets_nothing()
    {
        using var another = new TestAuthority("others");
        var forwarding = new ForwardingHsm(hsm);
        await File.WriteAllTextAsync(_folder.File("ca.pem"), _authority.Pem, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("other.pem"), another.Pem, TestContext.Current.CancellationToken);
        Start();
        await forwarding.ForwardAsync("syslog", $"{_address}:6514", _folder.File("other.pem"));
        await ForwardingHsm.UntilAsync(() => Task.FromResult(hsm.Process.Log.Contains("there does not take events", StringComparison.Ordinal)), "the refusal stands in the log");
        Assert.True(await forwarding.LagAsync() > 0);
        Assert.Empty(Received());
    }

    private void Start()
    {
        using var certificate = _authority.IssueServer(_address);
        File.WriteAllText(_folder.File("cert.pem"), certificate.ExportCertificatePem());
        using (var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!)
        {
            File.WriteAllText(_folder.File("key.pem"), key.ExportPkcs8PrivateKeyPem());
        }

        File.WriteAllText(_folder.File("rsyslog.conf"), $$"""
            global(workDirectory="{{_folder.Path}}" maxMessageSize="16k" DefaultNetstreamDriver="ossl"
                DefaultNetstreamDriverCAFile="{{_folder.File("ca.pem")}}" DefaultNetstreamDriverCertFile="{{_folder.File("cert.pem")}}" DefaultNetstreamDriverKeyFile="{{_folder.File("key.pem")}}")
            module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
            input(type="imtcp" address="{{_address}}" port="6514")
            template(name="fields" type="string" string="%syslogfacility%|%syslogseverity%|%hostname%|%app-name%|%msgid%|%msg%\n")
            action(type="omfile" file="{{_folder.File("received")}}" template="fields")
            """);
        _rsyslog = Process.Start("/usr/sbin/rsyslogd", ["-n", "-f", _folder.File("rsyslog.conf"), "-i", _folder.File("pid")]);
    }

    private void Stop()
    {
        if (_rsyslog is { HasExited: false } running)
        {
            Process.Start("kill", ["-TERM", $"{running.Id}"]).WaitForExit();   // it writes what it holds
            Assert.True(running.WaitForExit(TimeSpan.FromSeconds(30)));
        }

        _rsyslog?.Dispose();
        _rsyslog = null;
    }

    private List<Message> Received() => !File.Exists(_folder.File("received")) ? [] : [.. Lines().Select(line =>
    {
        var fields = line.Split('|', 6);
        return new Message(int.Parse(fields[0]), int.Parse(fields[1]), fields[2], fields[3], fields[4], JsonDocument.Parse(fields[5]).RootElement);
    })];

    // The last line may be half written.
    private string[] Lines() => File.ReadAllText(_folder.File("received")) is var text ? text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    private sealed record Message(int Facility, int Severity, string Host, string Application, string Id, JsonElement Json);
}
