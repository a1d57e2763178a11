using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.OpenSsl;

/// <summary>An openssl.cnf that loads Debian's PKCS#11 engine (libp11) with our module.</summary>
internal static class EngineConfiguration
{
    /// <summary>Writes it and returns the environment in which openssl and what links to it use it.</summary>
    public static Dictionary<string, string> Write(Scratch scratch, QuickstartDeployment deployment) => new(deployment.Variables)
    {
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
