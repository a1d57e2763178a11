using System.Net.Sockets;

namespace Strongroom.Node.Attacks;

/// <summary>A program of the HSM's own user, which is not root, tries to get at the running HSM. Every way in is tried on an unprotected process too, where it must be open: else it would show nothing.</summary>
public sealed class SameUserTests : IAsyncLifetime
{
    private const int BadSystemCall = 31; // SIGSYS: no handler of .NET's
    private const string Sockets = "dotnet-diagnostic";
    private readonly TestFolder _folder = new();
    private HsmProcess? _hsm;

    private string State => _folder.File("h");

    public async ValueTask InitializeAsync()
    {
        Unprivileged.Give(_folder.Path);
        var command = Unprivileged.Command(HsmProcess.Executable, "create", "--state", State, "--hsm", TestHsm.Hsm, "--address", TestHsm.RandomLoopback().ToString(), "--store", _folder.File("store.db"), "--root-of-trust", "file");
        await using (var create = HsmProcess.StartProgram(command[0], command[1..]))
        {
            Assert.True(await create.ExitAsync() == 0, create.Log);
        }

        command = Unprivileged.Command(RunHsm);
        _hsm = HsmProcess.StartProgram(command[0], command[1..]);
        await _hsm.WaitForAsync(State, _ => true);
    }

    public async ValueTask DisposeAsync()
    {
        await _hsm!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_way_in_is_open_elsewhere_and_closed_here()
    {
        var attacker = Compiled.Program(_folder.Path, "same_user.c");
        var open = (await Unprivileged.RunAsync(_folder.Path, attacker, "control")).Where(line => line.EndsWith(" in", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).ToHashSet();
        var tried = await Unprivileged.RunAsync(_folder.Path, attacker, "try", $"{_hsm!.Id}");
        Assert.DoesNotContain(tried, line => line.EndsWith(" in", StringComparison.Ordinal));

        // A kernel may close these two to everybody, the second by Yama or in a container.
        Assert.Empty(tried.Select(line => line.Split(' ')[0]).Except(open).Except(["ptrace-in-user-namespace", "map_files"]));
        Assert.Contains("read-mem", open);
    }

    [Fact]
    public async Task An_HSM_that_crashes_leaves_no_core()
    {
        var attacker = Compiled.Program(_folder.Path, "same_user.c");
        _hsm!.Kill();
        await _hsm.ExitAsync();
        using var crashing = Unprivileged.Start(_folder.Path, [attacker, "dump", $"{BadSystemCall}", "/usr/bin/env", "-i", .. Start.ClosedStart.CleanEnvironment().Select(pair => $"{pair.Key}={pair.Value}"), .. RunHsm[..^1]]);
        await _hsm.WaitForAsync(State, _ => true, hasExited: () => crashing.HasExited);
        await crashing.StandardInput.WriteLineAsync("now");
        Assert.Equal("no core", (await crashing.StandardOutput.ReadToEndAsync(Cancel)).Trim());

        // The same crash of another program leaves one, where this machine keeps cores as files at all.
        using var other = Unprivileged.Start(_folder.Path, attacker, "dump", $"{BadSystemCall}", "/bin/sleep", "1000");
        await other.StandardInput.WriteLineAsync("now");
        var text = (await other.StandardOutput.ReadToEndAsync(Cancel)).Trim();
        if (!(await File.ReadAllTextAsync("/proc/sys/kernel/core_pattern", Cancel)).StartsWith('|') && !(await File.ReadAllTextAsync("/proc/self/limits", Cancel)).Contains("Max core file size        0 ", StringComparison.Ordinal))
        {
            Assert.Equal("core", text);
        }
    }

    [Fact]
    public async Task There_is_no_socket_for_a_debugger_and_no_signal_opens_one()
    {
        // The tests' own process, which did not close it, has one that answers.
        using (var own = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await own.ConnectAsync(new UnixDomainSocketEndPoint(HsmProcess.DoorsOf(Environment.ProcessId)(Sockets).Single()), Cancel);
            await own.SendAsync("DOTNET_IPC_V1\0\x14\0\x04\0\0\0"u8.ToArray(), Cancel); // ProcessInfo, without a payload
            Assert.True(await own.ReceiveAsync(new byte[20], Cancel) > 0);
        }

        var doors = HsmProcess.DoorsOf(_hsm!.Id);
        Assert.Empty(doors(Sockets));
        _hsm.Signal("USR1");
        _hsm.Signal("USR2");
        await Task.Delay(100, Cancel);
        Assert.Empty(doors(Sockets));
        Assert.Empty(doors("clr-debug-pipe"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string[] RunHsm => [HsmProcess.Executable, "run", "--state", State, "--exit-with-parent"];
}
