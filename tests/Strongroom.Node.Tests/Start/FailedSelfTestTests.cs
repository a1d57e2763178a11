using Strongroom.Wire;

namespace Strongroom.Node.Start;

/// <summary>An HSM whose cryptography can't be trusted stops, with its reason.</summary>
public sealed class FailedSelfTestTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string State => _folder.File("hsm");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_HSM_whose_self_test_fails_does_not_serve_and_names_the_test()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using (var hsm = await HsmProcess.RunAsync(State))
        {
            await hsm.WaitForAsync(State, description => description.State == (ulong)HsmState.Blank);
        }

        await using var broken = HsmProcess.StartProgram(BrokenBuild.WithWrongAnswer(_folder.File("broken")), ["run", "--state", State, "--exit-with-parent"]);
        Assert.Equal(3, await broken.ExitAsync());
        Assert.Contains("Self-test 'SHA-256' failed", broken.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("is Blank", broken.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_HSM_that_generates_a_pair_which_is_not_consistent_does_not_serve()
    {
        await TestHsm.CreateAsync(State, TestHsm.RandomLoopback());
        await using var broken = HsmProcess.StartProgram(BrokenBuild.WithInconsistentPairs(_folder.File("broken")), ["run", "--state", State, "--exit-with-parent"]);
        Assert.Equal(3, await broken.ExitAsync());
        Assert.Contains("Self-test 'pairwise consistency' failed", broken.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_HSM_is_made_when_a_self_test_fails()
    {
        var state = _folder.File("new");
        await using var broken = HsmProcess.StartProgram(
            BrokenBuild.WithWrongAnswer(_folder.File("broken")), ["create", "--state", state, "--hsm", "hsm-broken", "--address", "127.9.9.9", "--store", _folder.File("store"), "--root-of-trust", "file"]);
        Assert.NotEqual(0, await broken.ExitAsync());
        Assert.Contains("SHA-256", broken.Log, StringComparison.Ordinal);
        Assert.False(Directory.Exists(state));
    }
}
