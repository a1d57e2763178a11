using System.Collections.Concurrent;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

[Collection(typeof(SharedDeployment))]
public sealed class TrustTests(QuickstartDeployment deployment)
{
    [Fact]
    public void The_program_does_not_even_read_the_roots_of_the_machine()
    {
        using var scratch = new Scratch();
        var folder = Directory.CreateDirectory(scratch["roots"]).FullName;
        var ca = Path.Combine(deployment.Dir, "customer", "customerCA.crt");
        File.Copy(ca, Path.Combine(folder, "root.pem"));
        var environment = new Dictionary<string, string>(deployment.Variables) { ["SSL_CERT_DIR"] = folder };
        var read = new ConcurrentQueue<string?>();
        using var watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.LastAccess };   // seen also where the file system keeps no access times
        watcher.Changed += (_, access) => read.Enqueue(access.Name);
        watcher.EnableRaisingEvents = true;

        Assert.False(IsReadBy(CommandLine.Executable, "user", "list"));

        // As it is seen of a program that may have to ask the CloudHSM API.
        Assert.True(IsReadBy(Path.Combine(deployment.Dir, "bin", "configure-cli"), "-a", deployment.Address(), "--hsm-ca-cert", ca, "--config-file", scratch["written.cfg"]));

        bool IsReadBy(string program, params string[] arguments)
        {
            Programs.Run(program, arguments, environment).MustSucceed();

            // Once this access has been told, so have all before it.
            var last = $"after {Path.GetFileName(program)}";
            File.WriteAllText(Path.Combine(folder, last), "read me");
            File.ReadAllText(Path.Combine(folder, last));
            Waiting.Until(() => read.Contains(last), "the access is told");
            return read.Contains("root.pem");
        }
    }
}
