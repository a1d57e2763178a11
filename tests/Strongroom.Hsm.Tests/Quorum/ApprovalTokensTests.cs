using Strongroom.Hsm.Quorum;
using Strongroom.Hsm.Sessions;
using Strongroom.Hsm.Tests.Policy;

namespace Strongroom.Hsm.Tests.Quorum;

/// <summary>What becomes of a token that an operation has taken.</summary>
public sealed class ApprovalTokensTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    [Fact]
    public void A_token_that_was_taken_is_nobodys_until_its_operation_was_refused()
    {
        using var world = new PolicyWorld();
        Issue(world);
        Approval approval = Take(world)!;
        Assert.Null(Take(world));
        approval.End(Causes.UserExists);
        Assert.NotNull(Take(world));
        Assert.Null(Take(world));
    }

    [Fact]
    public void A_token_does_not_come_back_from_an_operation_that_was_done_or_may_have_been()
    {
        using var world = new PolicyWorld();
        foreach (Cause? cause in (Cause?[])[null, Causes.CommitUnknown])
        {
            Issue(world);
            Take(world)!.End(cause);
            Assert.Null(Take(world));
            Assert.Empty(world.Tokens.List());
        }
    }

    [Fact]
    public void A_token_that_was_deleted_while_it_was_taken_does_not_come_back()
    {
        using var world = new PolicyWorld();
        Issue(world);
        Approval approval = Take(world)!;
        world.Tokens.Delete(null);
        approval.End(Causes.UserExists);
        Assert.Empty(world.Tokens.List());
    }

    [Fact]
    public void A_token_has_five_tries()
    {
        using var world = new PolicyWorld();
        Issue(world);
        for (int i = 0; i < ApprovalTokens.MostTries; i++)
        {
            Take(world)!.End(Causes.UserExists);
        }

        Assert.Equal(5, ApprovalTokens.MostTries);
        Assert.Null(Take(world));
    }

    [Fact]
    public void A_token_is_taken_if_it_is_approved_and_still_good_and_for_its_service_key_and_login_only()
    {
        using var world = new PolicyWorld();
        (Caller owner, Caller shared, ObjectHandle key) = (world["owner"], world["shared"], new ObjectHandle(1));
        ApprovalToken token = world.Tokens.Issue(owner, owner.Login!, QuorumService.KeyUsage, key, Lifetime).Value;
        world.Tokens.Note(token, [(new UserId(3), default)], isEnough: false, Lifetime);
        Assert.False(Take(owner, owner.Login, QuorumService.KeyUsage, key, isGood: true));
        world.Tokens.Note(token, [(new UserId(3), default)], isEnough: true, Lifetime);
        Assert.False(Take(owner, owner.Login, QuorumService.KeyUsage, key, isGood: false));
        Assert.False(Take(owner, owner.Login, QuorumService.KeyManagement, key, isGood: true));
        Assert.False(Take(owner, owner.Login, QuorumService.KeyUsage, new ObjectHandle(2), isGood: true));
        Assert.False(Take(shared, owner.Login, QuorumService.KeyUsage, key, isGood: true));
        Assert.False(Take(owner, shared.Login, QuorumService.KeyUsage, key, isGood: true));
        Assert.False(Take(owner, null, QuorumService.KeyUsage, key, isGood: true));
        Assert.NotNull(world.Tokens.Find(owner, owner.Login!, token.ApprovalData));
        Assert.Null(world.Tokens.Find(shared, owner.Login!, token.ApprovalData));
        Assert.Null(world.Tokens.Find(owner, shared.Login!, token.ApprovalData));
        Assert.True(Take(owner, owner.Login, QuorumService.KeyUsage, key, isGood: true));

        bool Take(Caller caller, Login? login, QuorumService service, ObjectHandle handle, bool isGood) => world.Tokens.Take(caller, login, service, handle, _ => isGood, judgeOnly: false, out Approval? _);
    }

    [Fact]
    public void An_admin_has_one_token_for_each_service()
    {
        using var world = new PolicyWorld();
        Assert.Null(Issue("admin", QuorumService.User));
        Assert.Equal(Causes.QuorumTokenThere, Issue("admin", QuorumService.User));
        Assert.Null(Issue("admin", QuorumService.Cluster));
        Assert.Null(Issue("owner", QuorumService.User));
        Assert.Null(Issue("owner", QuorumService.KeyUsage));
        Assert.Null(Issue("owner", QuorumService.KeyUsage));
        world.Tokens.Delete(world["owner"].Login!.User);
        Assert.Equal([QuorumService.User, QuorumService.Cluster], world.Tokens.List().Select(one => one.Token.Service).Order());
        world.Tokens.Delete(null);
        Assert.Empty(world.Tokens.List());

        Cause? Issue(string name, QuorumService service) => world.Tokens.Issue(world[name], world[name].Login!, service, ObjectHandle.None, Lifetime).Cause;
    }

    [Fact]
    public void The_time_for_using_a_token_begins_with_the_approval_that_was_enough_and_showing_it_again_does_not_begin_it_anew()
    {
        using var world = new PolicyWorld();
        Issue(world);
        ApprovalToken token = Assert.Single(world.Tokens.List()).Token;
        world.BootClock.Uptime += Lifetime - TimeSpan.FromSeconds(1);
        world.Tokens.Note(token, [], isEnough: true, Lifetime);
        Assert.Single(world.Tokens.List());
        world.BootClock.Uptime += TimeSpan.FromSeconds(1);
        Assert.Empty(world.Tokens.List());
    }

    [Fact]
    public void A_token_ends_with_its_login_and_with_its_users_credentials()
    {
        using var world = new PolicyWorld();
        Issue(world);
        Login login = world["admin"].Login!;
        Logins.Begin(world["admin"], login with { PasswordGiven = default });
        Assert.Empty(world.Tokens.List());
        Issue(world);
        world.Change("admin", user => user with { Generation = user.Generation + 1 });
        Assert.Empty(world.Tokens.List());
    }

    private static void Issue(PolicyWorld world)
    {
        Caller admin = world["admin"];
        world.Tokens.Note(world.Tokens.Issue(admin, admin.Login!, QuorumService.User, ObjectHandle.None, Lifetime).Value, [], isEnough: true, Lifetime);
    }

    private static Approval? Take(PolicyWorld world)
    {
        world.Tokens.Take(world["admin"], world["admin"].Login!, QuorumService.User, ObjectHandle.None, _ => true, judgeOnly: false, out Approval? approval);
        return approval;
    }
}
