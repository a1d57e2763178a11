using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Configuration;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Shell;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Clusters;

/// <summary>
/// cluster certificate request and install: another certificate for the cluster's key, under the same or another customer's CA, by an admin. The key stays, and with it every pin in a client's
/// configuration. Clients that shall trust another CA get both CAs in their file first, and lose the old one afterwards.
/// </summary>
internal static class CertificateCommands
{
    private const int MaxSize = 20000;

    private static readonly Option<string> RequestPath = CommonOptions.Path("the file for the request, PEM");
    private static readonly Option<string> Certificate = new("--certificate") { Description = "what the customer's CA made of the request, PEM", HelpName = "PATH", Required = true };
    private static readonly Option<string> Anchor = new("--trust-anchor") { Description = "the customer's CA, PEM: issuing CA first, root last", HelpName = "PATH", Required = true };

    public static IEnumerable<Command> CreateAll(CommandShell shell)
    {
        yield return shell.Define("request", "Get a request for a new certificate of the cluster's key. Example: cluster certificate request --path cluster.csr", RequestAsync, RequestPath);
        yield return shell.Define(
            "install", "Put a new certificate in place, also under another CA. Example: cluster certificate install --certificate cluster.crt --trust-anchor customerCA.crt", InstallAsync, Certificate, Anchor);
    }

    private static async Task<JsonNode> RequestAsync(Call call)
    {
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var reply = await cluster.Client.CallAsync<RequestCertificateRequest, RequestCertificateReply>(new(), call.Cancel).ConfigureAwait(false);
        await File.WriteAllTextAsync(call.Need(RequestPath), reply.Csr, call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["path"] = call.Need(RequestPath), ["message"] = "Certificate request written successfully" };
    }

    private static async Task<JsonNode> InstallAsync(Call call)
    {
        var request = new InstallCertificateRequest(Read(call.Need(Certificate)), Read(call.Need(Anchor)));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        if (cluster.Configuration.Hsms.Count == 1)
        {
            await cluster.Client.CallAsync<InstallCertificateRequest, InstallCertificateReply>(request, call.Cancel).ConfigureAwait(false);
        }
        else
        {
            await InstallEverywhereAsync(call, cluster, request).ConfigureAwait(false);
        }

        return Call.Message("Certificate installed successfully");
    }

    // Each HSM presents a certificate of its own files. One that was not reached is named; the command can be run again.
    private static async Task InstallEverywhereAsync(Call call, ClusterLink cluster, InstallCertificateRequest request)
    {
        var missed = new List<string>();
        foreach (var hsm in cluster.Configuration.Hsms)
        {
            if (await InstallAtAsync(call, cluster, hsm, request).ConfigureAwait(false) is { } cause)
            {
                missed.Add($"{hsm.Host}: {cause}");
            }
        }

        if (missed.Count > 0)
        {
            throw new CommandRefusedException($"The certificate is not in place at every HSM; run the command again. {string.Join("; ", missed)}");
        }
    }

    private static async Task<string?> InstallAtAsync(Call call, ClusterLink cluster, HsmAddress hsm, InstallCertificateRequest request)
    {
        using var credentials = Credentials.FromEnvironment(call.Shell);
        var client = cluster.Single(hsm);
        await using (client.ConfigureAwait(false))
        {
            try
            {
                await client.LoginAsync(credentials.Identity.UserType, credentials.Identity.Name, credentials.Password, call.Cancel).ConfigureAwait(false);
                await client.CallAsync<InstallCertificateRequest, InstallCertificateReply>(request, call.Cancel).ConfigureAwait(false);
                return null;
            }
            catch (HsmUnreachableException e)
            {
                return e.Message;
            }
        }
    }

    private static string Read(string path) => new FileInfo(path) is { Exists: true, Length: > MaxSize } ? throw new CommandRefusedException($"{path} is larger than {MaxSize} bytes") : File.ReadAllText(path);
}
