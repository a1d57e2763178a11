using System.Text;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>The disk is really full: what needs it is refused with that reason, everything else goes on, and with room again all is as before.</summary>
[Collection(typeof(SavedDeployments))]
public sealed class FullDiskTests
{
    private const ulong DeviceMemory = 0x31;
    private static readonly Mechanism Cbc = Mechanism.WithIv(Ckm.AesCbcPad, new byte[16]);
    private readonly SavedDeployment _own;

    public FullDiskTests(SavedDeployment own)
    {
        _own = own;
        _own.Restore();
    }

    [Fact]
    public void On_a_full_store_writes_are_refused_with_that_reason_and_keys_are_used()
    {
        using var disk = new SmallDisk(Path.Combine(_own.Dir, "clusters"), mebibytes: 8);
        using var hsm = new OwnHsm(_own);
        hsm.WaitFor("active");
        using var token = Token.Of(_own);
        var (made, key) = Generate(token, "before");
        Assert.Equal(Ck.Ok, made);

        disk.Fill();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(DeviceMemory, Generate(token, "while it is full").Rv);
            Assert.Equal(Ck.Ok, token.Encrypt(Cbc, key, [1, 2, 3]).Rv);
        }

        Assert.Contains("the store has no room", File.ReadAllText(Path.Combine(_own.Dir, "client", "pkcs11.log")), StringComparison.Ordinal);
        Assert.Empty(token.Find(Label("while it is full")));
        Assert.Single(token.Find(Label("before")));
        var (session, temporary) = token.Generate(new(Ckm.AesKeyGen), CkAttribute.Of(Cka.Token, false), CkAttribute.Of(Cka.ValueLen, 16), CkAttribute.Of(Cka.Encrypt, true));
        Assert.Equal(Ck.Ok, session);
        Assert.Equal(Ck.Ok, token.Encrypt(Cbc, temporary, [1, 2, 3]).Rv);

        // It starts on a full store, too.
        hsm.Kill();
        hsm.Start();
        hsm.WaitFor("active");
        Assert.Equal(Ck.Ok, token.Encrypt(Cbc, key, [1, 2, 3]).Rv);

        disk.MakeRoom();
        Assert.Equal(Ck.Ok, Generate(token, "after").Rv);
        Assert.Single(token.Find(Label("after")));
        Assert.Equal("active", _own.OnlyHsm().GetProperty("state").GetString());
    }

    [Fact]
    public void On_a_full_state_directory_keys_are_made_and_used_as_long_as_the_log_has_room_set_aside()
    {
        using var disk = new SmallDisk(Path.Combine(_own.Dir, "hsms"), mebibytes: 48);
        using var hsm = new OwnHsm(_own);
        hsm.WaitFor("active");
        using var token = Token.Of(_own);
        var (made, key) = Generate(token, "before");
        Assert.Equal(Ck.Ok, made);

        disk.Fill();
        Assert.Equal(Ck.Ok, Generate(token, "while it is full").Rv);
        Assert.Equal(Ck.Ok, token.Encrypt(Cbc, key, [1, 2, 3]).Rv);

        hsm.Kill();
        hsm.Start();
        hsm.WaitFor("active");
        Assert.Equal(Ck.Ok, token.Encrypt(Cbc, key, [1, 2, 3]).Rv);
        Assert.Equal(Ck.Ok, Generate(token, "after a restart").Rv);
        Assert.Single(token.Find(Label("while it is full")));

        disk.MakeRoom();
        Assert.Equal(Ck.Ok, Generate(token, "after").Rv);
    }

    private static (ulong Rv, ulong Handle) Generate(Token session, string label) =>
        session.Generate(new(Ckm.AesKeyGen), Label(label), CkAttribute.Of(Cka.Token, true), CkAttribute.Of(Cka.ValueLen, 32), CkAttribute.Of(Cka.Encrypt, true));

    private static CkAttribute Label(string label) => CkAttribute.Of(Cka.Label, Encoding.ASCII.GetBytes(label));
}
