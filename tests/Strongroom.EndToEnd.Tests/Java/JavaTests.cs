using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.WebServers;

namespace Strongroom.EndToEnd.Tests.Java;

/// <summary>keytool, jarsigner and a TLS server of Java 17 use keys of the HSM.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class JavaTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly QuickstartDeployment _deployment;
    private readonly JavaConfiguration _java;

    public JavaTests(QuickstartDeployment deployment)
    {
        _deployment = deployment;
        _java = new JavaConfiguration(_scratch, deployment);
    }

    [Fact]
    public void Keytool_makes_lists_and_deletes_keys_and_jarsigner_signs_with_them()
    {
        _java.MakeKey("java-rsa", "RSA", "2048");
        Assert.Contains("java-rsa, PrivateKeyEntry", _java.KeyTool("-list").MustSucceed().Output, StringComparison.Ordinal);
        _java.KeyTool("-certreq", "-alias", "java-rsa", "-file", _scratch["request.pem"]).MustSucceed();
        OpenSslCommand.Run("req", "-in", _scratch["request.pem"], "-verify", "-noout").MustSucceed();

        _scratch.Write("hello.txt", "hello");
        Programs.Run("jar", ["--create", "--file", _scratch["hello.jar"], "-C", _scratch.Folder, "hello.txt"]).MustSucceed();
        var before = _deployment.Signatures();
        Programs.Run("jarsigner", [.. _java.KeyStore, _scratch["hello.jar"], "java-rsa"], _deployment.Variables).MustSucceed();
        Assert.Equal(before + 1, _deployment.Signatures());
        Assert.Contains("jar verified", Programs.Run("jarsigner", ["-verify", _scratch["hello.jar"]]).MustSucceed().Output, StringComparison.Ordinal);

        _java.KeyTool("-delete", "-alias", "java-rsa").MustSucceed();
        Assert.DoesNotContain("java-rsa", _java.KeyTool("-list").MustSucceed().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RSA", "2048")]
    [InlineData("EC", "secp256r1")]
    public async Task A_TLS_server_serves_with_a_key_of_the_HSM(string algorithm, string size)
    {
        var alias = $"java-tls-{algorithm.ToLowerInvariant()}";
        _java.MakeKey(alias, algorithm, size);
        _java.KeyTool("-exportcert", "-rfc", "-alias", alias, "-file", _scratch["server.pem"]).MustSucceed();
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(_scratch["server.pem"]);
        using var server = new JavaTlsServer(_scratch, _java, _deployment, alias);

        foreach (var version in new[] { SslProtocols.Tls12, SslProtocols.Tls13 })
        {
            var client = new HandshakeClient(server.Port, version, certificate.RawData, "java");
            await client.RunAsync(5);
            Assert.True(client.Succeeded == 5, string.Join('\n', client.Failures) + server.Output);
        }

        _java.KeyTool("-delete", "-alias", alias).MustSucceed();
    }

    [Fact]
    public void A_wrong_password_is_an_error_of_keytool()
    {
        var wrong = _java.KeyStore.Select(word => word == _deployment.Pin ? "crypto_user:not-the-password" : word);
        Programs.Run("keytool", ["-list", .. wrong], _deployment.Variables).MustFail("load failed");
        _java.KeyTool("-list").MustSucceed();
    }

    public void Dispose() => _scratch.Dispose();
}
