using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.OpenSsl;

/// <summary>
/// An openssl.cnf that loads Debian's PKCS#11 engine (libp11) with our module. The token has one key of each kind; of those, libp11 0.4.12 must be shown what it knows and nothing else (docs/pkcs11.md).
/// </summary>
internal static class EngineConfiguration
{
    /// <summary>Writes it and returns the environment in which openssl and what links to it use it.</summary>
    public static Dictionary<string, string> Write(Scratch scratch, QuickstartDeployment deployment) => Write(scratch, deployment, "RSA", "EC");

    /// <summary>The same for a library that shows only keys of these types; all, if there are none.</summary>
    public static Dictionary<string, string> Write(Scratch scratch, QuickstartDeployment deployment, params string[] keyTypes)
    {
        string[] types = keyTypes.Length > 0 ? ["--key-types", .. keyTypes] : [];
        Programs.Run(
            Path.Combine(deployment.Dir, "bin", "configure-pkcs11"),
            ["-a", deployment.Address(), "--hsm-ca-cert", Path.Combine(deployment.Dir, "customer", "customerCA.crt"), "--log-type", "term", "--log-level", "warn", "--config-file", scratch["cloudhsm-pkcs11.cfg"], .. types]).MustSucceed();
        return new(deployment.Variables)
        {
            ["STRONGROOM_PKCS11_CONFIG"] = scratch["cloudhsm-pkcs11.cfg"],
            ["OPENSSL_CONF"] = scratch.Write("openssl.cnf", $"""
                openssl_conf = init

                [init]
                engines = engines

                [engines]
                pkcs11 = pkcs11

                [pkcs11]
                engine_id = pkcs11
                MODULE_PATH = {deployment.Module}
                PIN = {deployment.Pin}
                init = 1

                [req]
                distinguished_name = name

                [name]

                """),
        };
    }
}
