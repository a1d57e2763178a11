using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>Power is lost while an application makes keys: the disk keeps what was fsynced and nothing else. The same disk shows that a forgotten fsync would be found out.</summary>
[Collection(typeof(SavedDeployments))]
public sealed class PowerLossTests
{
    private readonly SavedDeployment _own;

    public PowerLossTests(SavedDeployment own)
    {
        _own = own;
        _own.Restore();
    }

    [Fact]
    public void A_disk_that_forgets_what_was_not_fsynced_loses_no_acknowledged_key() => LosePowerUnderLoad(rounds: 3);

    [Fact(Explicit = true)]
    public void A_hundred_losses_of_power_lose_none_either() => LosePowerUnderLoad(rounds: 100);

    [Fact]
    public void With_synchronous_off_the_HSM_says_that_acknowledged_keys_are_lost()
    {
        using var disk = new ForgetfulDisk(_own, "store.db", "store.db-wal");
        using var hsm = MakeKeysAndLosePower(disk, out _);
        hsm.Start();
        Assert.Contains("rolled back", hsm.WaitFor("failed", "unaccepted"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_anchor_that_was_fsynced_shows_that_the_store_is_yesterdays()
    {
        using var disk = new ForgetfulDisk(_own);
        using var hsm = MakeKeysAndLosePower(disk, out _);
        _own.Restore("clusters");
        hsm.Start();
        Assert.Contains("rolled back", hsm.WaitFor("failed", "unaccepted"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_fsync_of_the_anchor_yesterdays_store_would_be_served()
    {
        using var disk = new ForgetfulDisk(_own, "/anchor");
        using var hsm = MakeKeysAndLosePower(disk, out var mark);
        _own.Restore("clusters");
        hsm.Start();
        hsm.WaitFor("active");
        using var token = Token.Of(_own);
        Assert.Empty(token.Find(mark));
    }

    private void LosePowerUnderLoad(int rounds)
    {
        var chance = new Chance();
        using var disk = new ForgetfulDisk(_own);
        using var hsm = new OwnHsm(_own, disk.Program);
        hsm.WaitFor("active");
        using var token = Token.Of(_own);
        var makers = new KeyMakers(token, $"lost power {rounds} times", Path.Combine(_own.Dir, "client", "pkcs11.log"));
        for (var round = 0; round < rounds; round++)
        {
            makers.WaitForMore(1 + chance.Next(20));
            Thread.Sleep(chance.Next(20));
            hsm.Kill();
            disk.LosePower();
            hsm.Start();
        }

        makers.WaitForMore(5);
        makers.Stop();
        makers.AssertAllThereOnce();
    }

    // The HSM is dead afterwards, and its files are what the disk has kept of them.
    private OwnHsm MakeKeysAndLosePower(ForgetfulDisk disk, out CkAttribute[] mark)
    {
        var hsm = new OwnHsm(_own, disk.Program);
        hsm.WaitFor("active");
        using (var token = Token.Of(_own))
        {
            var makers = new KeyMakers(token, "made before power was lost");
            makers.WaitForMore(10);
            makers.Stop();
            mark = makers.Mark;
            Assert.NotEmpty(token.Find(mark));
        }

        hsm.Kill();
        disk.LosePower();
        return hsm;
    }
}
