using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Nss;

/// <summary>NSS (Firefox, Chromium, Red Hat's servers): modutil adds the module, certutil makes a key and a certificate on the token.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class NssTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly QuickstartDeployment _deployment;

    public NssTests(QuickstartDeployment deployment) => _deployment = deployment;

    [Fact]
    public void Certutil_makes_a_key_and_a_certificate_on_the_token()
    {
        var database = $"sql:{Directory.CreateDirectory(_scratch["nss"]).FullName}";
        var pin = _scratch.Write("pin", _deployment.Pin + "\n");
        var noise = _scratch.Write("noise", new byte[64]);
        Run("certutil", "-N", "-d", database, "--empty-password");
        Run("modutil", "-force", "-dbdir", database, "-add", "Strongroom", "-libfile", _deployment.Module);
        Assert.Contains(_deployment.TokenLabel, Run("modutil", "-force", "-dbdir", database, "-list", "Strongroom").Output, StringComparison.Ordinal);

        Run("certutil", "-S", "-d", database, "-h", _deployment.TokenLabel, "-f", pin, "-z", noise, "-n", "nss-rsa", "-k", "rsa", "-g", "2048", "-s", "CN=nss-rsa", "-x", "-t", "u,u,u", "-v", "1");

        Assert.Contains($"{_deployment.TokenLabel}:nss-rsa", Run("certutil", "-L", "-d", database, "-h", _deployment.TokenLabel, "-f", pin).Output, StringComparison.Ordinal);
        Assert.Contains("rsa", Run("certutil", "-K", "-d", database, "-h", _deployment.TokenLabel, "-f", pin).Output, StringComparison.Ordinal);
        File.WriteAllText(_scratch["nss.pem"], Run("certutil", "-L", "-d", database, "-h", _deployment.TokenLabel, "-f", pin, "-n", $"{_deployment.TokenLabel}:nss-rsa", "-a").Output);
        OpenSslCommand.Run("verify", "-check_ss_sig", "-CAfile", _scratch["nss.pem"], _scratch["nss.pem"]).MustSucceed();
        Run("certutil", "-F", "-d", database, "-h", _deployment.TokenLabel, "-f", pin, "-n", $"{_deployment.TokenLabel}:nss-rsa");
    }

    public void Dispose() => _scratch.Dispose();

    private Finished Run(string program, params string[] arguments) => Programs.Run(program, arguments, _deployment.Variables).MustSucceed();
}
