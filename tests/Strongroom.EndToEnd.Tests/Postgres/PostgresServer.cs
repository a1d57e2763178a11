using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Postgres;

/// <summary>Debian's PostgreSQL on a port of loopback, that lets in whoever proves a certificate and nobody else. It refuses to run as root, so that root's tests start it as its own user.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly Scratch _scratch = new();

    /// <param name="user">the database's one user, the common name of its certificate</param>
    /// <param name="certificate">PEM: what clients' certificates are verified by</param>
    public PostgresServer(string user, string certificate)
    {
        OpenSslCommand.Run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", _scratch["server.key"], "-out", Certificate, "-subj", "/CN=localhost", "-days", "30").MustSucceed();
        _scratch.Write("clients.pem", certificate);
        if (Environment.IsPrivilegedProcess)
        {
            Programs.Run("chown", ["-R", "postgres", _scratch.Folder]).MustSucceed();
        }

        AsItself("initdb", "-D", Data, "-A", "trust", "-U", user, "--no-sync");
        Port = Ports.Free();
        File.WriteAllText(Path.Combine(Data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 cert\n");
        File.AppendAllText(Path.Combine(Data, "postgresql.conf"), $"""

            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = ''
            fsync = off
            ssl = on
            ssl_cert_file = '{Certificate}'
            ssl_key_file = '{_scratch["server.key"]}'
            ssl_ca_file = '{_scratch["clients.pem"]}'

            """);
        AsItself("pg_ctl", "-D", Data, "-l", _scratch["log"], "-w", "-t", "60", "start");
    }

    public int Port { get; }

    /// <summary>The server's own, which clients verify.</summary>
    public string Certificate => _scratch["server.pem"];

    private string Data => _scratch["data"];

    public void Dispose()
    {
        AsItself("pg_ctl", "-D", Data, "-w", "-t", "60", "-m", "immediate", "stop");
        _scratch.Dispose();
    }

    private void AsItself(string program, params string[] arguments)
    {
        var path = Directory.EnumerateDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", program)).Where(File.Exists).Order(StringComparer.Ordinal).Last();
        string[] user = Environment.IsPrivilegedProcess ? ["--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        Programs.Run("setpriv", [.. user, path, .. arguments], new Dictionary<string, string> { ["LC_ALL"] = "C" }).MustSucceed();
    }
}
