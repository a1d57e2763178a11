using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmEngine;

/// <summary>The openssl program with the engine <c>cloudhsm</c> to be found by its id, as after an installation, and the login in CLOUDHSM_PIN.</summary>
internal sealed class EngineCommand(QuickstartDeployment deployment, string? pin = null)
{
    public Dictionary<string, string> Environment { get; } = new(deployment.Variables)
    {
        ["CLOUDHSM_PIN"] = pin ?? deployment.Pin,
        ["OPENSSL_ENGINES"] = Path.Combine(Programs.Repository, "artifacts", "strongroom", "engines"),
    };

    public Finished OpenSsl(params string[] arguments) => Programs.Run("openssl", arguments, Environment);

    /// <summary>key generate-file: the reference PEM of a private key.</summary>
    public void WriteReference(string label, string path) => CloudHsmCli.CommandLine.Data(new CloudHsmCli.CommandLine(deployment).Run(
        ["key", "generate-file", "--encoding", "reference-pem", "--path", path, "--filter", $"attr.label={label}", "attr.class=private-key"], "crypto-user", Environment["CLOUDHSM_PIN"]));
}
