using System.Collections.Specialized;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.EndToEnd.Tests.CloudHsmEngine;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>configure-cli, configure-pkcs11 and configure-dyn: all of CloudHSM's options, the cluster's key pinned, and what is in the file already is kept.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class ConfigureTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Ca => Path.Combine(deployment.Dir, "customer", "customerCA.crt");

    private string Written => _scratch["written.cfg"];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_program_and_the_library_work_with_what_is_written_and_the_key_is_pinned()
    {
        Configure("configure-cli", "-a", deployment.Address(), "--hsm-ca-cert", Ca).MustSucceed();
        Assert.Equal(64, ((string)Cluster()["cluster_key_sha256"]!).Length);
        var environment = new Dictionary<string, string>(deployment.Variables) { ["STRONGROOM_CLI_CONFIG"] = Written };
        Assert.Equal(0, Programs.Run(CommandLine.Executable, ["user", "list"], environment).ExitCode);

        File.Delete(Written);
        Configure("configure-pkcs11", "-a", deployment.Address(), "--hsm-ca-cert", Ca, "--log-type", "term", "--enable-certificate-storage").MustSucceed();
        environment["STRONGROOM_PKCS11_CONFIG"] = Written;
        Assert.Contains(deployment.TokenLabel, Programs.Run("pkcs11-tool", ["--module", deployment.Module, "--list-token-slots"], environment).MustSucceed().Output, StringComparison.Ordinal);
        Assert.True((bool)Cluster()["options"]!["enable_certificate_storage"]!);

        // Another key under the right CA is not taken for the cluster that is configured.
        var file = File.ReadAllText(Written);
        File.WriteAllText(Written, file.Replace((string)Cluster()["cluster_key_sha256"]!, new string('0', 64), StringComparison.Ordinal));
        Configure("configure-pkcs11", "-a", deployment.Address(), "--hsm-ca-cert", Ca).MustFail("another key");
    }

    [Fact]
    public void The_OpenSSL_engine_works_with_what_is_written()
    {
        Configure("configure-dyn", "-a", deployment.Address(), "--hsm-ca-cert", Ca).MustSucceed();
        Assert.Equal("term", (string?)JsonNode.Parse(File.ReadAllText(Written))!["logging"]!["log_type"]);
        var engine = new EngineCommand(deployment) { Environment = { ["STRONGROOM_PKCS11_CONFIG"] = Written } };
        Assert.Contains("[Success]: LOGIN", engine.OpenSsl("engine", "-t", "-post", "LOGIN", "cloudhsm").MustSucceed().Output, StringComparison.Ordinal);

        Configure("configure-dyn", "--log-type", "file", "--log-file", _scratch["engine.log"], "--log-level", "debug").MustSucceed();
        engine.OpenSsl("engine", "-t", "-post", "LOGIN", "cloudhsm").MustSucceed();
        Assert.True(new FileInfo(_scratch["engine.log"]).Length > 0, "the engine logs where it was told to");
        Configure("configure-dyn", "--enable-certificate-storage").MustFail("enable-certificate-storage");
    }

    [Fact]
    public void Settings_change_one_by_one_and_the_rest_of_the_file_stays()
    {
        Configure("configure-cli", "--log-level", "debug").MustFail("-a ADDRESS");
        Configure("configure-cli", "-a", deployment.Address(), "--hsm-ca-cert", Ca).MustSucceed();
        var servers = Cluster()["servers"]!.ToJsonString();
        var document = JsonNode.Parse(File.ReadAllText(Written))!;
        document["of-somebody-else"] = 1;
        File.WriteAllText(Written, document.ToJsonString());

        Configure("configure-cli", "--log-level", "debug", "--log-rotation", "weekly", "--log-file", "/tmp/x.log", "--disable-key-availability-check", "--default-retry-mode", "off",
            "--disable-validate-key-at-init", "--enable-ecdsa-with-weak-hash-function", "--client-cert-hsm-tls-file", Ca, "--client-key-hsm-tls-file", Ca).MustSucceed();
        var logging = JsonNode.Parse(File.ReadAllText(Written))!["logging"]!;
        Assert.Equal(("debug", "weekly", "/tmp/x.log"), ((string?)logging["log_level"], (string?)logging["log_interval"], (string?)logging["log_file"]));
        var options = Cluster()["options"]!;
        Assert.Equal((true, true, true, "off"), ((bool)options["disable_key_availability_check"]!, (bool)options["disable_validate_key_at_init"]!, (bool)options["enable_ecdsa_with_weak_hash_function"]!, (string?)options["retry_mode"]));
        Assert.Equal((Ca, Ca), ((string?)Cluster()["client_cert_path"], (string?)Cluster()["client_key_path"]));
        Configure("configure-cli", "--enable-key-availability-check").MustSucceed();
        Assert.False((bool)Cluster()["options"]!["disable_key_availability_check"]!);
        Assert.Equal(servers, Cluster()["servers"]!.ToJsonString());
        Assert.Equal(1, (int)JsonNode.Parse(File.ReadAllText(Written))!["of-somebody-else"]!);

        foreach (var (bad, why) in new[]
        {
            (new[] { "--log-level", "loud" }, "loud"), (["--enable-key-availability-check", "--disable-key-availability-check"], "either"), (["--client-cert-hsm-tls-file", Ca], "go together"),
            (["--enable-certificate-storage"], "enable-certificate-storage"), (["-a", "127.0.99.98", "--hsm-ca-cert", Ca], "127.0.99.98"), (["-a", deployment.Address(), "--hsm-ca-cert", "/no/such/ca"], "/no/such/ca"),
        })
        {
            var before = File.ReadAllText(Written);
            Configure("configure-cli", bad).MustFail(why);
            Assert.Equal(before, File.ReadAllText(Written));
        }
    }

    [Fact]
    public void Clusters_are_added_and_removed()
    {
        Configure("configure-cli", "-a", deployment.Address(), "--hsm-ca-cert", Ca).MustSucceed();
        var id = (string)Cluster()["cluster_id"]!;
        File.WriteAllText(Written, File.ReadAllText(Written).Replace(id, "cluster-another2345", StringComparison.Ordinal));
        Configure("configure-cli", "add-cluster", "--cluster-id", id, "-a", deployment.Address(), "--hsm-ca-cert", Ca).MustSucceed();
        Assert.Equal(["cluster-another2345", id], Ids());
        Configure("configure-cli", "add-cluster", "--cluster-id", "cluster-third234567", "-a", deployment.Address(), "--hsm-ca-cert", Ca).MustFail($"serves {id}");
        Configure("configure-cli", "remove-cluster", "--cluster-id", "cluster-another2345").MustSucceed();
        Assert.Equal([id], Ids());
        Configure("configure-cli", "remove-cluster", "--cluster-id", "cluster-another2345").MustFail("no cluster");
    }

    [Fact]
    public async Task A_clusters_addresses_are_asked_of_the_CloudHSM_API()
    {
        Configure("configure-cli", "-a", deployment.Address(), "--hsm-ca-cert", Ca).MustSucceed();
        var id = (string)Cluster()["cluster_id"]!;
        var port = Ports.Free();
        using var api = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        api.Start();
        string[] arguments = ["--cluster-id", id, "--endpoint", $"http://127.0.0.1:{port}", "--region", "eu-test-1", "--hsm-ca-cert", Ca, "--config-file", _scratch["api.cfg"]];
        Run("configure-cli", arguments).MustFail("AWS_ACCESS_KEY_ID");
        foreach (var token in (string[])["", "a/session+token=="])
        {
            File.Delete(_scratch["api.cfg"]);
            var asked = AnswerAsync(api, id, deployment.Address());
            Run("configure-cli", arguments, ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret/Key+1"), ("AWS_SESSION_TOKEN", token)).MustSucceed();
            var (headers, body) = await asked;
            Assert.Equal("BaldrApiService.DescribeClusters", headers["X-Amz-Target"]);
            Assert.Equal(id, (string?)JsonNode.Parse(body)!["Filters"]!["clusterIds"]![0]);
            Assert.Contains(deployment.Address(), File.ReadAllText(_scratch["api.cfg"]), StringComparison.Ordinal);
            Assert.Equal(await AsCurlSignsAsync(api, port, headers, body), headers["Authorization"]);
        }
    }

    // The same request, signed by curl's own Signature Version 4.
    private async Task<string?> AsCurlSignsAsync(HttpListener api, int port, NameValueCollection headers, string body)
    {
        var asked = AnswerAsync(api, "", "");
        string[] names = ["X-Amz-Date", "X-Amz-Target", "X-Amz-Security-Token", "Content-Type"];
        Programs.Run("curl",
            [
                "-s", "--aws-sigv4", "aws:amz:eu-test-1:cloudhsm", "--user", "AKIDEXAMPLE:secret/Key+1", "--data-binary", body, .. names.Where(name => headers[name] is not null).SelectMany(name => new[] { "-H", $"{name}: {headers[name]}" }),
                $"http://127.0.0.1:{port}/",
            ],
            deployment.Variables).MustSucceed();
        return (await asked).Headers["Authorization"];
    }

    private static async Task<(NameValueCollection Headers, string Body)> AnswerAsync(HttpListener api, string id, string address)
    {
        var context = await api.GetContextAsync();
        var body = await new StreamReader(context.Request.InputStream).ReadToEndAsync();
        var answer = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { Clusters = new[] { new { ClusterId = id, Hsms = new[] { new { EniIp = address } } } } }));
        await context.Response.OutputStream.WriteAsync(answer);
        context.Response.Close();
        return (context.Request.Headers, body);
    }

    private JsonNode Cluster() => JsonNode.Parse(File.ReadAllText(Written))!["clusters"]![0]!["cluster"]!;

    private IEnumerable<string> Ids() => JsonNode.Parse(File.ReadAllText(Written))!["clusters"]!.AsArray().Select(entry => (string)entry!["cluster"]!["cluster_id"]!);

    private Finished Configure(string tool, params string[] arguments) => Run(tool, [.. arguments, "--config-file", Written]);

    private Finished Run(string tool, string[] arguments, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>(deployment.Variables) { ["AWS_ACCESS_KEY_ID"] = "", ["AWS_SECRET_ACCESS_KEY"] = "", ["AWS_SESSION_TOKEN"] = "" };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return Programs.Run(Path.Combine(deployment.Dir, "bin", tool), arguments, environment);
    }
}
