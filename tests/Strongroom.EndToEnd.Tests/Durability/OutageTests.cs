using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>The real HSM is away when the library is initialised, dies under calls, comes back later, or has moved: the standard's codes, the cause in the log, and recovery in the same application. pkcs11/tests/outage_test.c has the finer cases.</summary>
[Collection(typeof(SavedDeployments))]
public sealed class OutageTests : IDisposable
{
    private const int RetrySeconds = 2;
    private static readonly Mechanism Cbc = Mechanism.WithIv(Ckm.AesCbcPad, new byte[16]);
    private readonly SavedDeployment _own;
    private readonly string _usual;

    public OutageTests(SavedDeployment own)
    {
        _own = own;
        _own.Restore();
        _usual = File.ReadAllText(Configuration);
        Configure(configuration => configuration["retry_seconds"] = RetrySeconds);
        File.Delete(LibraryLog);
    }

    private string Configuration => _own.Variables["STRONGROOM_PKCS11_CONFIG"];

    private string LibraryLog => Path.Combine(_own.Dir, "client", "pkcs11.log");

    public void Dispose() => File.WriteAllText(Configuration, _usual);

    [Fact]
    public void Away_at_C_Initialize_it_is_a_token_that_is_not_there_until_it_comes()
    {
        using var token = Token.Initialized(_own);
        Assert.Equal(Ck.TokenNotPresent, token.OpenSession());
        Logged("C_OpenSession: CKR_TOKEN_NOT_PRESENT", "Connection refused");

        using var hsm = new OwnHsm(_own);
        hsm.WaitFor("active");
        Assert.Equal(Ck.Ok, token.OpenSession());
        Assert.Equal(Ck.Ok, token.LogIn(_own.Pin));
        Assert.Equal(Ck.Ok, Use(token, MakeKey(token)));
    }

    [Fact]
    public void Dead_it_is_a_device_error_and_back_again_the_session_goes_on_by_its_ticket()
    {
        using var hsm = new OwnHsm(_own);
        hsm.WaitFor("active");
        using var token = Token.Of(_own);
        var key = MakeKey(token);

        hsm.Kill();
        Assert.Equal(Ck.DeviceError, Use(token, key));
        Assert.Equal(Ck.DeviceError, token.Generate(new(Ckm.AesKeyGen), CkAttribute.Of(Cka.ValueLen, 32)).Rv);
        Logged("CKR_DEVICE_ERROR", "no HSM answers");
        Logged("warn", "no HSM of the cluster can be reached");

        hsm.Start();
        hsm.WaitFor("active");
        Assert.Equal(Ck.Ok, Use(token, key));
        Logged("info", "the cluster is reachable again");
        Assert.Equal(0, _own.Metric("strongroom_logins_total"));
    }

    [Fact]
    public async Task Moved_to_another_address_it_is_found_by_the_configuration_while_calls_wait()
    {
        using var hsm = new OwnHsm(_own);
        hsm.WaitFor("active");
        Configure(configuration => configuration["retry_seconds"] = 30);
        using var token = Token.Of(_own);
        var key = MakeKey(token);
        using var over = new CancellationTokenSource();
        var used = 0;
        Task[] threads = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var session = token.AnotherSession();
            while (!over.IsCancellationRequested)
            {
                Assert.Equal(Ck.Ok, Use(session, key));
                Interlocked.Increment(ref used);
            }
        }))];

        hsm.Kill();
        var from = _own.Address();
        var to = IPAddress.Parse(from).GetAddressBytes() is [.., var last] bytes ? new IPAddress([.. bytes[..3], (byte)(last == 254 ? 1 : last + 1)]).ToString() : throw new InvalidOperationException();
        var hsmFile = Path.Combine(hsm.State, "hsm.json");
        File.WriteAllText(hsmFile, File.ReadAllText(hsmFile).Replace($"\"{from}\"", $"\"{to}\"", StringComparison.Ordinal));
        hsm.Start();
        Waiting.Until(() => hsm.Log.Contains($"serving applications on {to}:2223", StringComparison.Ordinal), "the HSM serves at its new address");
        var before = Volatile.Read(ref used);
        Configure(configuration => configuration["clusters"]!.AsArray().Single()!["hsms"]!.AsArray().Single()!["address"] = to);
        Waiting.Until(() => Volatile.Read(ref used) > before + 100 || threads.Any(thread => thread.IsCompleted), "calls go on");
        await over.CancelAsync();
        await Task.WhenAll(threads);
        Logged("info", "the configuration names other HSMs now");
    }

    private static ulong MakeKey(Token token)
    {
        var (rv, key) = token.Generate(new(Ckm.AesKeyGen), CkAttribute.Of(Cka.Token, true), CkAttribute.Of(Cka.ValueLen, 32), CkAttribute.Of(Cka.Encrypt, true));
        Assert.Equal(Ck.Ok, rv);
        return key;
    }

    private static ulong Use(Token token, ulong key) => token.Encrypt(Cbc, key, Encoding.ASCII.GetBytes("in the middle")).Rv;

    private void Configure(Action<JsonNode> change) => SavedDeployment.Change(Configuration, change);

    private void Logged(params string[] parts) => Assert.Contains(File.ReadLines(LibraryLog), line => parts.All(part => line.Contains(part, StringComparison.Ordinal)));
}
