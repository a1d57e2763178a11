using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

[Collection(typeof(SharedDeployment))]
public sealed class TrustTests(QuickstartDeployment deployment)
{
    private static readonly DateTime Never = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void The_program_does_not_even_read_the_roots_of_the_machine()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["roots"]);
        var ca = Path.Combine(deployment.Dir, "customer", "customerCA.crt");
        var root = Path.Combine(scratch["roots"], "root.pem");
        File.Copy(ca, root);
        var environment = new Dictionary<string, string>(deployment.Variables) { ["SSL_CERT_DIR"] = scratch["roots"] };

        Assert.False(IsReadBy(CommandLine.Executable, "user", "list"));

        // As it is seen of a program that may have to ask the CloudHSM API.
        Assert.True(IsReadBy(Path.Combine(deployment.Dir, "bin", "configure-cli"), "-a", deployment.Address(), "--hsm-ca-cert", ca, "--config-file", scratch["written.cfg"]));

        bool IsReadBy(string program, params string[] arguments)
        {
            File.SetLastAccessTimeUtc(root, Never);
            Programs.Run(program, arguments, environment).MustSucceed();
            return File.GetLastAccessTimeUtc(root) != Never;
        }
    }
}
