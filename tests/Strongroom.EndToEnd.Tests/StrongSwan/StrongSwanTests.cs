using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.StrongSwan;

/// <summary>strongSwan's pki certifies with a key of the HSM. It keeps slot ids in 32 bits, so that it brings back the lower half of ours.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class StrongSwanTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    [Theory]
    [InlineData("rsa:2048", "rsa", "5a41")]
    [InlineData("EC:prime256v1", "ecdsa", "5a4e")]
    public void Pki_makes_a_self_signed_certificate(string keyType, string type, string id)
    {
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", keyType, "--usage-sign", "--id", id, "--label", $"swan-{type}").MustSucceed();
        var environment = new Dictionary<string, string>(deployment.Variables)
        {
            ["STRONGSWAN_CONF"] = _scratch.Write("strongswan.conf", $$"""
                libstrongswan {
                  plugins {
                    pkcs11 {
                      modules {
                        strongroom {
                          path = {{deployment.Module}}
                        }
                      }
                    }
                  }
                }
                pki {
                  load = pkcs11 openssl x509 pem pkcs1 random nonce pubkey
                }

                """),
        };

        var made = Programs.Run("pki", ["--self", "--type", type, "--keyid", id, "--dn", $"CN=swan-{type}", "--outform", "pem"], environment, input: deployment.Pin + "\n").MustSucceed();

        var certificate = _scratch.Write("swan.pem", made.Output[made.Output.IndexOf("-----BEGIN", StringComparison.Ordinal)..]);
        OpenSslCommand.Run("verify", "-check_ss_sig", "-CAfile", certificate, certificate).MustSucceed();
    }

    public void Dispose() => _scratch.Dispose();
}
