using System.Diagnostics;

namespace Strongroom.Node.Attacks;

/// <summary>An environment that loads code into whatever is started with it. Each way is tried on another program too, where it must work.</summary>
public sealed class LoadedCodeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Marker => _folder.File("marker");

    [Fact]
    public async Task A_preloaded_library_that_hides_itself_finds_an_HSM_that_refuses_to_run()
    {
        var library = Library();
        await LoadsElsewhereAsync("/bin/true", [], ("LD_PRELOAD", library));
        var (code, error) = await StartAsync(("LD_PRELOAD", library));
        Assert.Equal(2, code);
        Assert.Contains("LD_PRELOAD", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_OpenSSL_configuration_that_loads_a_provider_is_never_read()
    {
        var library = Library();
        var configuration = _folder.File("openssl.cnf");
        await File.WriteAllTextAsync(configuration, $"openssl_conf = a\n[a]\nproviders = b\n[b]\nevil = c\ndefault = d\n[c]\nmodule = {library}\nactivate = 1\n[d]\nactivate = 1\n", TestContext.Current.CancellationToken);
        await LoadsElsewhereAsync("openssl", ["rand", "-hex", "4"], ("OPENSSL_CONF", configuration));
        var (code, error) = await StartAsync(("OPENSSL_CONF", configuration));
        Assert.Equal(2, code);
        Assert.Contains("OPENSSL_CONF", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Marker));
    }

    [Fact]
    public async Task A_start_up_hook_is_not_run_at_all()
    {
        var hook = typeof(StartupHook).Assembly.Location;
        await LoadsElsewhereAsync(Path.ChangeExtension(hook, null), ["-help"], ("DOTNET_STARTUP_HOOKS", hook), (StartupHook.MarkerVariable, Marker));
        var (code, _) = await StartAsync(("DOTNET_STARTUP_HOOKS", hook), (StartupHook.MarkerVariable, Marker));
        Assert.Equal(2, code);
        Assert.False(File.Exists(Marker));
    }

    public void Dispose() => _folder.Dispose();

    private string Library() => Compiled.Program(_folder.Path, "loaded.c", "-shared", "-fPIC", $"-DMARKER=\"{Marker}\"");

    private async Task<(int Code, string Error)> StartAsync(params (string, string)[] environment) => await HsmProcess.DoAsync(["run", "--state", _folder.File("h")], null, environment);

    private async Task LoadsElsewhereAsync(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(File.Exists(Marker), $"{environment[0].Name} has no effect on {program}");
        File.Delete(Marker);
    }
}
