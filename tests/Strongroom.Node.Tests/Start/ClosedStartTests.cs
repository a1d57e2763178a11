using System.Collections;

namespace Strongroom.Node.Start;

public sealed class ClosedStartTests
{
    [Fact]
    public void The_launchers_own_environment_is_accepted() => Assert.Null(ClosedStart.Refuse(Clean()));

    [Theory]
    [InlineData("LD_PRELOAD", "/tmp/evil.so")]
    [InlineData("LD_LIBRARY_PATH", "/tmp")]
    [InlineData("LD_AUDIT", "/tmp/evil.so")]
    [InlineData("OPENSSL_CONF", "/tmp/openssl.cnf")]
    [InlineData("OPENSSL_MODULES", "/tmp")]
    [InlineData("OPENSSL_ENGINES", "/tmp")]
    [InlineData("SSL_CERT_FILE", "/tmp/ca.pem")]
    [InlineData("DOTNET_STARTUP_HOOKS", "/tmp/evil.dll")]
    [InlineData("DOTNET_ADDITIONAL_DEPS", "/tmp")]
    [InlineData("DOTNET_DiagnosticPorts", "/tmp/port")]
    [InlineData("CORECLR_ENABLE_PROFILING", "1")]
    [InlineData("CORECLR_PROFILER_PATH", "/tmp/evil.so")]
    [InlineData("COMPlus_EnableDiagnostics", "1")]
    [InlineData("GLIBC_TUNABLES", "glibc.malloc.check=1")]
    [InlineData("DOTNET_EnableDiagnostics", "1")]
    [InlineData("DOTNET_gcServer", "1")]
    [InlineData("LANG", "de_DE.UTF-8")]
    public void A_foreign_variable_is_refused_by_its_name(string name, string value)
    {
        var environment = Clean();
        environment[name] = value;
        Assert.Contains(name, ClosedStart.Refuse(environment), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DOTNET_EnableDiagnostics", "diagnostic socket")]
    [InlineData("GLIBC_TUNABLES", "per-thread caches")]
    public void What_the_launcher_must_set_is_missed_and_the_reason_said(string name, string reason)
    {
        var environment = Clean();
        environment.Remove(name);
        Assert.Contains(name, ClosedStart.Refuse(environment), StringComparison.Ordinal);
        Assert.Contains(reason, ClosedStart.Refuse(environment), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_ends_with_one_line_that_names_the_variable()
    {
        using var folder = new TestFolder();
        var (code, error) = await HsmProcess.DoAsync(["run", "--state", folder.File("h")], null, ("OPENSSL_CONF", "/tmp/x.cnf"));
        Assert.Equal(2, code);
        Assert.Contains("OPENSSL_CONF", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_running_hsm_can_be_neither_dumped_nor_read_by_its_own_user()
    {
        using var folder = new TestFolder();
        await TestHsm.CreateAsync(folder.File("h"), TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(folder.File("h"));

        // An undumpable process' files under /proc belong to root, whoever it runs as; its core limit is 0; it has no diagnostic socket.
        Assert.Contains("Max core file size        0                    0", await File.ReadAllTextAsync($"/proc/{hsm.Id}/limits", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var doors = HsmProcess.DoorsOf(hsm.Id);
        Assert.Empty(doors("dotnet-diagnostic"));
        Assert.Empty(doors("clr-debug-pipe"));
    }

    [Fact]
    public async Task Connections_have_threads_of_their_own_so_that_none_waits_while_another_is_asked_again_and_again()
    {
        using var folder = new TestFolder();
        await TestHsm.CreateAsync(folder.File("h"), TestHsm.RandomLoopback());
        await using var hsm = await HsmProcess.RunAsync(folder.File("h"));

        var threads = Directory.EnumerateDirectories($"/proc/{hsm.Id}/task").Select(thread => File.ReadAllText(Path.Combine(thread, "comm")).Trim());
        Assert.Equal(64, threads.Count(name => name == ".NET Sockets"));
    }

    private static Hashtable Clean() => new(ClosedStart.CleanEnvironment().ToDictionary(pair => pair.Key, pair => (object)pair.Value));
}
