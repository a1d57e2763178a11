using System.Diagnostics;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Supervision;

/// <summary>An HSM that dies comes back; nothing stays behind that should not.</summary>
public sealed class SupervisorTests(SupervisorTests.Own own) : IClassFixture<SupervisorTests.Own>
{
    /// <summary>These tests kill things: they have a deployment of their own.</summary>
    public sealed class Own : QuickstartDeployment;

    [Fact]
    public void An_HSM_that_is_killed_is_serving_again_with_its_keys()
    {
        var before = own.HsmPid();
        Process.GetProcessById(before).Kill();
        Waiting.Until(() => own.OnlyHsm() is var hsm && hsm.GetProperty("state").GetString() == "active" && hsm.GetProperty("pid").GetInt32() != before, "the HSM is active again");

        Assert.Contains("quickstart", own.Pkcs11LoggedIn("--list-objects", "--type", "privkey").MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_begins_while_the_HSM_is_down_waits_for_it()
    {
        Process.GetProcessById(own.HsmPid()).Kill();

        own.Pkcs11LoggedIn("--list-objects").MustSucceed();
    }

    [Fact]
    public void Quickstart_again_keeps_everything_and_takes_seconds()
    {
        var cluster = own.OnlyHsm().GetProperty("cluster").GetString();
        var pin = own.Pin;
        var began = Stopwatch.GetTimestamp();

        var again = own.Strongroom("quickstart").MustSucceed();

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Contains("Verified OK", again.Output, StringComparison.Ordinal);
        Assert.Equal(cluster, own.OnlyHsm().GetProperty("cluster").GetString());
        Assert.Contains(pin, File.ReadAllText(Path.Combine(own.Dir, "env")), StringComparison.Ordinal);
        Assert.Single(own.Pkcs11LoggedIn("--list-objects", "--type", "privkey").MustSucceed().Output.Split('\n'), line => line.Contains("label:", StringComparison.Ordinal) && line.Contains("quickstart", StringComparison.Ordinal));
    }

    [Fact]
    public void Up_twice_is_one_supervisor_and_one_HSM()
    {
        var before = own.Status();
        own.Strongroom("up").MustSucceed();
        var after = own.Status();

        Assert.Equal(before.GetProperty("supervisor_pid").GetInt32(), after.GetProperty("supervisor_pid").GetInt32());
        Assert.Single(RunningProcesses.With("strongroom-hsm", own.Dir));
        Assert.Single(RunningProcesses.With("supervise", own.Dir));
    }

    [Fact]
    public void Stop_leaves_no_process_and_up_brings_everything_back()
    {
        own.Strongroom("stop").MustSucceed();
        Waiting.Until(() => RunningProcesses.With(own.Dir).Length == 0, "the supervisor, which has given DIR back, has ended");
        Assert.Equal(1, own.Strongroom("status").ExitCode);
        Assert.Equal("down", own.OnlyHsm().GetProperty("state").GetString());

        // Stopping what is stopped is no error.
        own.Strongroom("stop").MustSucceed();

        own.Strongroom("up").MustSucceed();
        Assert.Equal("active", own.OnlyHsm().GetProperty("state").GetString());
        own.Pkcs11LoggedIn("--list-objects").MustSucceed();
    }

    [Fact]
    public void A_supervisor_that_is_killed_leaves_no_HSM_behind_and_up_starts_anew()
    {
        var supervisor = own.Status().GetProperty("supervisor_pid").GetInt32();
        Process.GetProcessById(supervisor).Kill();

        Waiting.Until(() => RunningProcesses.With(own.Dir).Length == 0, "the HSM noticed that its supervisor is gone");
        Assert.Equal(0, own.Status().GetProperty("supervisor_pid").GetInt32());

        own.Strongroom("up").MustSucceed();
        Assert.NotEqual(supervisor, own.Status().GetProperty("supervisor_pid").GetInt32());
        own.Pkcs11LoggedIn("--list-objects").MustSucceed();
    }

    [Fact]
    public void Status_for_programs_says_what_status_for_people_says()
    {
        var hsm = own.OnlyHsm();
        var text = own.Strongroom("status").MustSucceed().Output;

        foreach (var name in (string[])["hsm", "cluster", "state", "address"])
        {
            Assert.Contains(hsm.GetProperty(name).GetString()!, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain('\u001b', text);
        Assert.True(hsm.GetProperty("counters").EnumerateObject().Any());
    }

    [Fact]
    public void Logs_tell_of_the_supervisor_and_of_the_HSM()
    {
        var logs = own.Strongroom("logs", "--lines", "1000").MustSucceed().Output;

        Assert.Contains($"{own.OnlyHsm().GetProperty("hsm").GetString()}  ", logs, StringComparison.Ordinal);
        Assert.Contains("supervisor  ", logs, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_is_in_no_log()
    {
        var password = own.Pin.Split(':')[1];

        foreach (var file in Directory.EnumerateFiles(own.Dir, "*.log", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain(password, File.ReadAllText(file), StringComparison.Ordinal);
        }
    }
}
