using System.Text;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>A disk that does not answer keeps those waiting who write, and nobody else.</summary>
[Collection(typeof(SavedDeployments))]
public sealed class SlowDiskTests
{
    // More than the library has connections.
    private const int Writers = 4;
    private static readonly Mechanism Cbc = Mechanism.WithIv(Ckm.AesCbcPad, new byte[16]);
    private readonly SavedDeployment _own;

    public SlowDiskTests(SavedDeployment own)
    {
        _own = own;
        _own.Restore();
    }

    [Fact]
    public async Task While_fsync_hangs_keys_are_used_and_found_and_a_creation_ends_when_the_disk_answers()
    {
        using var scratch = new Scratch();
        var gate = scratch["gate"];
        using var hsm = new OwnHsm(_own, HostProgram.Build(scratch["host"], "gated.c", _own, ("GATE", gate)));
        hsm.WaitFor("active");
        using var token = Token.Of(_own);
        var (rv, key) = Generate(token, "before");
        Assert.Equal(Ck.Ok, rv);

        File.WriteAllText(gate, "");
        Task<(ulong Rv, ulong Handle)>[] creations = [.. Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            using var session = token.AnotherSession();
            return Generate(session, $"while the disk hangs {writer}");
        }))];
        for (var i = 0; i < 200; i++)
        {
            var used = token.Encrypt(Cbc, key, Encoding.ASCII.GetBytes($"{i}")).Rv;
            Assert.True(used == Ck.Ok, $"use {i}: 0x{used:X}; the library's log ends: {string.Join('\n', File.ReadLines(Path.Combine(_own.Dir, "client", "pkcs11.log")).TakeLast(20))}");
            Assert.Single(token.Find(Label("before")));
        }

        Assert.DoesNotContain(creations, creation => creation.IsCompleted);
        Assert.Empty(token.Find(Label("while the disk hangs 0")));
        File.Delete(gate);
        var made = await Task.WhenAll(creations).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        for (var writer = 0; writer < Writers; writer++)
        {
            Assert.Equal((Ck.Ok, Assert.Single(token.Find(Label($"while the disk hangs {writer}")))), made[writer]);
        }
    }

    private static (ulong Rv, ulong Handle) Generate(Token session, string label) =>
        session.Generate(new(Ckm.AesKeyGen), Label(label), CkAttribute.Of(Cka.Token, true), CkAttribute.Of(Cka.ValueLen, 32), CkAttribute.Of(Cka.Encrypt, true));

    private static CkAttribute Label(string label) => CkAttribute.Of(Cka.Label, Encoding.ASCII.GetBytes(label));
}
