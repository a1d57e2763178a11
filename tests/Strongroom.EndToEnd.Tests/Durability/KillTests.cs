using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>kill -9 of the HSM while an application makes keys: what the application was told is so, and it is not told of the death.</summary>
[Collection(typeof(SavedDeployments))]
public sealed class KillTests
{
    private readonly SavedDeployment _own;

    public KillTests(SavedDeployment own)
    {
        _own = own;
        _own.Restore();
    }

    [Fact]
    public void Killed_at_random_moments_the_HSM_loses_and_doubles_no_key_and_the_application_sees_no_error() => KillUnderLoad(rounds: 5);

    [Fact(Explicit = true)]
    public void Killed_a_hundred_times_too() => KillUnderLoad(rounds: 100);

    private void KillUnderLoad(int rounds)
    {
        var chance = new Chance();
        using var hsm = new OwnHsm(_own);
        hsm.WaitFor("active");
        using var token = Token.Of(_own);
        var makers = new KeyMakers(token, $"killed {rounds} times", Path.Combine(_own.Dir, "client", "pkcs11.log"));
        for (var round = 0; round < rounds; round++)
        {
            makers.WaitForMore(1 + chance.Next(30));
            Thread.Sleep(chance.Next(20));
            hsm.Kill();
            hsm.Start();
        }

        makers.WaitForMore(10);
        makers.Stop();
        makers.AssertAllThereOnce();

        // The last HSM process has seen tickets only: whoever was logged in before it began has not logged in again.
        Assert.Equal(0, _own.Metric("strongroom_logins_total"));
    }
}
