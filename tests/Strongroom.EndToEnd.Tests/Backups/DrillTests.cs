using System.Diagnostics;
using System.Text.Json.Nodes;
using Strongroom.EndToEnd.Tests.Durability;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Backups;

/// <summary>The drill: the host is gone, and a new one serves what was backed up to the same applications.</summary>
public sealed class DrillTests : IDisposable
{
    private readonly QuickstartDeployment _old = new();
    private readonly Deployment _new = new();
    private readonly Scratch _safe = new();

    [Fact]
    public void A_new_host_serves_the_lost_hosts_keys()
    {
        var hsm = _old.OnlyHsm().GetProperty("hsm").GetString()!;
        using (var token = Token.Of(_old))
        {
            var makers = new KeyMakers(token, "before the loss");
            makers.WaitForMore(20);
            _old.Strongroom("backup", "--out", _safe["while-it-is-busy"]).MustSucceed();
            makers.Stop();
            var made = _old.Strongroom("backup", "--out", _safe["cluster.backup"]).MustSucceed();
            Assert.Contains("verified", made.Output, StringComparison.Ordinal);
            _old.Strongroom("backup", "--out", _safe["cluster.backup"]).MustFail("exists already");

            // What the customer keeps elsewhere: the root of trust, the admin's password, the ceremony's roots. Then the host burns down.
            File.Copy(Path.Combine(_old.Dir, "hsms", hsm, "root.key"), _safe["root.key"]);
            File.Copy(Path.Combine(_old.Dir, "customer", "admin.password"), _safe["admin.password"]);
            Programs.Run("cp", ["-a", Path.Combine(_old.Dir, "ceremony"), _safe["roots"]]).MustSucceed();
            _old.Strongroom("stop").MustSucceed();
            foreach (var tree in (string[])["hsms", "clusters", "strongroom.json"])
            {
                Programs.Run("rm", ["-r", Path.Combine(_old.Dir, tree)]).MustSucceed();
            }

            var gone = Stopwatch.GetTimestamp();
            string[] restore = ["restore", "--backup", _safe["cluster.backup"], "--ceremony", _safe["roots"]];
            _new.Strongroom(restore).MustFail("--root-key");
            _new.Strongroom([.. restore, "--root-key", AnotherKey()]).MustFail("does not open");
            _new.Strongroom([.. restore, "--root-key", _safe["root.key"]]).MustSucceed();
            Assert.Equal("unaccepted", _new.OnlyHsm().GetProperty("state").GetString());
            Assert.Contains("strongroom store accept", _new.Strongroom("status").Output, StringComparison.Ordinal);
            string[] accept = ["store", "accept", "--as-password-file", _safe["admin.password"]];
            _new.Strongroom([.. accept, "--as", "admin", "--as", "another"]).MustFail("one --as-password-file for each --as");
            _new.Strongroom([.. accept, "--as-signature-file", "admin"]).MustFail("USER=FILE");
            string[] signature = ["--as-signature-file", $"admin={_safe["root.key"]}"];
            _new.Strongroom([.. accept, .. signature, .. signature]).MustFail("another signature");
            _new.Strongroom([.. accept, "--as", "another", .. signature]).MustFail("none of the admins");
            _new.Strongroom([.. accept, "--as", "another"]).MustFail("no unlocked admin");
            _new.Strongroom(accept).MustSucceed();
            Assert.Equal("active", _new.OnlyHsm().GetProperty("state").GetString());

            Assert.InRange(Stopwatch.GetElapsedTime(gone), TimeSpan.Zero, TimeSpan.FromMinutes(5));
            PointApplicationsAt(_new.Address());
        }

        // An application that starts now finds the keys by the same configuration but for the address, with the same password.
        using var again = Token.Of(_old);
        Assert.NotEmpty(again.Find(KeyMakers.MarkOf("before the loss")));
        _new.Strongroom("store", "accept", "--as-password-file", _safe["admin.password"]).MustSucceed();
    }

    public void Dispose()
    {
        _old.Dispose();
        _new.Dispose();
        _safe.Dispose();
    }

    private string AnotherKey()
    {
        var path = _safe.Write("another.key", new byte[32]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private void PointApplicationsAt(string address)
    {
        var file = _old.Variables["STRONGROOM_PKCS11_CONFIG"];
        var configuration = JsonNode.Parse(File.ReadAllText(file))!;
        configuration["clusters"]![0]!["hsms"]![0]!["address"] = address;
        File.WriteAllText(file, configuration.ToJsonString());
    }
}
