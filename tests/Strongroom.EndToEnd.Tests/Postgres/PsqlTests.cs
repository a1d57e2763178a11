using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.OpenSsl;

namespace Strongroom.EndToEnd.Tests.Postgres;

/// <summary>psql proves to PostgreSQL who it is with a key of the HSM.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class PsqlTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    [Fact]
    public void A_client_certificate_whose_key_is_in_the_HSM_logs_in()
    {
        const string label = "psql_user";
        var key = $"pkcs11:token={deployment.TokenLabel};object={label};type=private";
        var environment = EngineConfiguration.Write(_scratch, deployment);
        deployment.Pkcs11LoggedIn("--keypairgen", "--key-type", "EC:prime256v1", "--usage-sign", "--id", "9591", "--label", label).MustSucceed();
        Programs.Run("openssl", ["req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", key, "-subj", $"/CN={label}", "-days", "30", "-out", _scratch["client.pem"]], environment).MustSucceed();
        using var server = new PostgresServer(label, File.ReadAllText(_scratch["client.pem"]));
        var withoutKey = $"host=127.0.0.1 port={server.Port} user={label} dbname=postgres sslmode=verify-ca sslrootcert={server.Certificate}";
        var before = deployment.Signatures();

        var answer = Psql(environment, $"{withoutKey} sslcert={_scratch["client.pem"]} sslkey='pkcs11:{key}'").MustSucceed();

        Assert.Equal($"{label}|t", answer.Output.Trim());
        Assert.Equal(before + 1, deployment.Signatures());
        Psql(environment, withoutKey).MustFail("certificate");
    }

    public void Dispose() => _scratch.Dispose();

    private static Finished Psql(IReadOnlyDictionary<string, string> environment, string connection) =>
        Programs.Run("psql", [connection, "-w", "-tAc", "select current_user, ssl from pg_stat_ssl where pid = pg_backend_pid()"], environment);
}
