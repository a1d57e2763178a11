using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Java;

/// <summary>Java's own PKCS#11 provider (SunPKCS11) with our module, as the JDK's security guide sets it up. Java leaves a new key's uses to the token, and a key of ours may do nothing that nobody asked for.</summary>
internal sealed class JavaConfiguration(Scratch scratch, QuickstartDeployment deployment)
{
    private readonly string _file = scratch.Write("pkcs11.cfg", $$"""
        name = Strongroom
        library = {{deployment.Module}}
        slotListIndex = 0
        attributes(*, CKO_PRIVATE_KEY, *) = {
          CKA_SIGN = true
        }
        attributes(*, CKO_PUBLIC_KEY, *) = {
          CKA_VERIFY = true
        }

        """);

    /// <summary>The arguments by which keytool and jarsigner find the token.</summary>
    public string[] KeyStore => ["-keystore", "NONE", "-storetype", "PKCS11", "-storepass", deployment.Pin, "-providerClass", "sun.security.pkcs11.SunPKCS11", "-providerArg", _file];

    /// <summary>The provider's configuration file.</summary>
    public string File => _file;

    public Finished KeyTool(params string[] arguments) => Programs.Run("keytool", [.. arguments, .. KeyStore], deployment.Variables);

    /// <summary>A key pair with a self-signed certificate, both on the token.</summary>
    public Finished MakeKey(string alias, string algorithm, string size) =>
        KeyTool("-genkeypair", "-alias", alias, "-keyalg", algorithm, size.All(char.IsDigit) ? "-keysize" : "-groupname", size, "-dname", $"CN={alias}", "-validity", "30").MustSucceed();
}
