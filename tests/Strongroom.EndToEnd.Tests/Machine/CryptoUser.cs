namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>A crypto user of a test's own on a shared deployment, with a key of each kind: for programs that try every private key there is, and would meet those of other tests. Public keys everybody sees.</summary>
internal sealed class CryptoUser
{
    private readonly QuickstartDeployment _deployment;

    /// <param name="prefix">How its name begins.</param>
    public CryptoUser(QuickstartDeployment deployment, string prefix)
    {
        var name = $"{prefix}_{Guid.NewGuid():N}"[..(prefix.Length + 7)];
        _deployment = deployment;
        Pin = $"{name}:{name}-password-1";
        new CloudHsmCli.CommandLine(deployment).AsAdmin("user", "create", "--username", name, "--role", "crypto-user", "--password", $"{name}-password-1");
        Variables = new Dictionary<string, string>(deployment.Variables) { ["STRONGROOM_PIN"] = Pin, ["CLOUDHSM_PIN"] = Pin };
        KeysOfEveryKind.Make(deployment, Pin);
    }

    public string Pin { get; }

    /// <summary>The environment of a shell that has sourced DIR/env, with this user's PIN.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Runs pkcs11-tool with our module, logged in as this user.</summary>
    public Finished Pkcs11(params string[] arguments) => _deployment.Pkcs11(["--token-label", _deployment.TokenLabel, "--login", "--pin", Pin, .. arguments]);
}
