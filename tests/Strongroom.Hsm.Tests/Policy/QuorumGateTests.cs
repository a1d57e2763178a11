using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Tests.Quorum;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>Whose approvals count for a key, when they are shown and when they are used.</summary>
public sealed class QuorumGateTests
{
    [Fact]
    public void The_owner_and_those_whom_a_key_is_shared_with_approve_if_they_registered_a_key_for_it_and_nobody_else()
    {
        using var world = new PolicyWorld();
        Dictionary<string, TestSigner> signers = Register(world, "admin", "owner", "shared", "other");
        HsmObject key = Key(world);
        Assert.Null(Approve(world, signers, key, "owner", "shared"));
        Assert.Equal(Causes.TooFewApprovals, Approve(world, signers, key, "owner"));
        Assert.Equal(Causes.ApproverWrong, Approve(world, signers, key, "owner", "other"));
        Assert.Equal(Causes.ApproverWrong, Approve(world, signers, key, "owner", "admin"));
        Assert.Equal(Causes.ApprovalWrong, Approve(world, new(signers) { ["shared"] = signers["other"] }, key, "owner", "shared"));

        // For multi-factor logins only.
        world.Change("shared", user => user with { Approves = false, MultiFactor = true });
        Assert.Equal(Causes.ApproverWrong, Approve(world, signers, key, "owner", "shared"));
    }

    [Fact]
    public void Who_lost_the_share_or_the_registration_or_changed_the_key_since_does_not_count()
    {
        using var world = new PolicyWorld();
        foreach (Action<HsmObject> loss in (Action<HsmObject>[])
        [
            key => world.Put(key with { SharedWith = [] }),
            _ => world.Change("shared", user => user with { Approves = false }),
            _ => world.Change("shared", user => user with { TokenKey = new TestSigner(TestSigner.P256).PublicKey }),
        ])
        {
            Dictionary<string, TestSigner> signers = Register(world, "owner", "shared");
            HsmObject key = Key(world);
            Assert.Null(Approve(world, signers, key, "owner", "shared"));
            Assert.True(Use(world, key));
            Assert.Null(Approve(world, signers, key, "owner", "shared"));
            loss(key);
            Assert.False(Use(world, key));
        }
    }

    [Fact]
    public void A_token_takes_a_login_a_role_and_a_key_that_takes_approvals()
    {
        using var world = new PolicyWorld();
        HsmObject key = Key(world);
        Assert.Equal(Causes.NotLoggedIn, world.Gate.Generate(world["nobody"], QuorumService.KeyUsage, key).Cause);
        Assert.Equal(Causes.RoleMayNot, world.Gate.Generate(world["admin"], QuorumService.KeyUsage, key).Cause);
        Assert.Equal(Causes.RoleMayNot, world.Gate.Generate(world["owner"], QuorumService.User, null).Cause);
        Assert.Equal(Causes.QuorumOff, world.Gate.Generate(world["owner"], QuorumService.KeyManagement, key).Cause);
        Assert.Equal(Causes.NotLoggedIn, world.Gate.Approve(world["nobody"], default, []).Cause);
        ReadOnlyMemory<byte> token = world.Gate.Generate(world["owner"], QuorumService.KeyUsage, key).Value;
        Assert.Equal(Causes.QuorumTokenUnknown, world.Gate.Approve(world["shared"], token, []).Cause);
        world.Destroy(key);
        Assert.Equal(Causes.KeyUnknown, world.Gate.Approve(world["owner"], token, []).Cause);
    }

    private static HsmObject Key(PolicyWorld world) => world.Put(world.AddKey(ObjectClass.SecretKey, ObjectFlags.Sign) with { UseQuorum = 2 });

    private static Dictionary<string, TestSigner> Register(PolicyWorld world, params string[] names)
    {
        var signers = names.ToDictionary(name => name, _ => new TestSigner(TestSigner.P256));
        foreach ((string name, TestSigner signer) in signers)
        {
            world.Change(name, user => user with { TokenKey = signer.PublicKey, Approves = true, MultiFactor = false });
        }

        return signers;
    }

    private static Cause? Approve(PolicyWorld world, Dictionary<string, TestSigner> signers, HsmObject key, params string[] names)
    {
        ReadOnlyMemory<byte> token = world.Gate.Generate(world["owner"], QuorumService.KeyUsage, key).Value;
        return world.Gate.Approve(world["owner"], token, [.. names.Select(name => new ApprovalSignature(name, world[name].Login!.Role, signers[name].Approve(token)))]).Cause;
    }

    private static bool Use(PolicyWorld world, HsmObject key)
    {
        Outcome<Hsm.Policy.KeyLease> lease = world.Ring.Use(key.Handle, Hsm.Use.Sign, world["owner"], 1);
        if (lease.IsOk)
        {
            lease.Value.Dispose();
        }

        return lease.IsOk;
    }
}
