using System.CommandLine;
using System.Net;
using System.Net.Security;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Client;

namespace Strongroom.Cli.Configuration;

/// <summary>A cluster that a configure tool was given: asked who it is, and known by its key.</summary>
/// <param name="Id">cluster-…, as the HSM says</param>
/// <param name="KeySha256">of the certificate that the HSM presented, which holds under the customer's CA</param>
/// <param name="CaFile">the customer's CA</param>
/// <param name="Hsms">addresses</param>
internal sealed record ConfiguredCluster(string Id, string KeySha256, string CaFile, HsmAddress[] Hsms)
{
    /// <summary>Whether the options name a cluster.</summary>
    public static bool IsAddressed(ParseResult parsed) => parsed.GetValue(ConfigureOptions.Addresses) is { Length: > 0 } || parsed.GetValue(ConfigureOptions.ClusterId) is not null;

    /// <exception cref="CommandRefusedException">It is another cluster than asked for.</exception>
    public static async Task<ConfiguredCluster> FindAsync(ParseResult parsed, CancellationToken cancel)
    {
        var wanted = parsed.GetValue(ConfigureOptions.ClusterId);
        var addresses = parsed.GetValue(ConfigureOptions.Addresses) is { Length: > 0 } given
            ? [.. given.Select(ParseAddress)]
            : await ClusterDirectory.AddressesAsync(wanted!, parsed.GetValue(ConfigureOptions.Region), parsed.GetValue(ConfigureOptions.Endpoint), cancel).ConfigureAwait(false);
        var caFile = Path.GetFullPath(parsed.GetValue(ConfigureOptions.CaFile) ?? ConfigureOptions.UsualCa);
        var probe = await ProbeAsync(addresses, new ClusterConfiguration("", caFile, null, addresses).Trust(), ClientCertificate(parsed, null), cancel).ConfigureAwait(false);
        return wanted is null || wanted == probe.ClusterId
            ? new ConfiguredCluster(probe.ClusterId, probe.KeySha256, caFile, addresses)
            : throw new CommandRefusedException($"The HSM serves {probe.ClusterId}, not {wanted}");
    }

    /// <summary>Writes it into the file's object of this cluster.</summary>
    public void WriteTo(JsonObject cluster, Component component, ParseResult parsed)
    {
        if ((string?)cluster["cluster_key_sha256"] is { } pinned && !string.Equals(pinned, KeySha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandRefusedException(
                $"{Id} is configured already, with another key: SHA-256 {pinned}; this HSM has {KeySha256}. If the cluster was made anew, remove it first: {component.Tool} remove-cluster --cluster-id {Id}");
        }

        cluster["hsm_ca_file"] = CaFile;
        cluster["cluster_id"] = Id;
        cluster["cluster_key_sha256"] = KeySha256;
        cluster["servers"] = new JsonArray([.. Hsms.Select(address => new JsonObject { ["hostname"] = address.Host, ["port"] = address.Port, ["enable"] = true })]);
        foreach (var other in new[] { "ca_file", "hsms" })
        {
            cluster.Remove(other);
        }

        ChangeSettings(cluster, component, parsed);
    }

    /// <summary>Changes what the options say of a cluster that is configured. Another CA must hold for the cluster's own key before it is written.</summary>
    public static async Task ChangeAsync(JsonObject cluster, Component component, ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(ConfigureOptions.CaFile) is { } given)
        {
            var caFile = Path.GetFullPath(given);
            var isOurs = cluster["hsms"] is not null;
            HsmAddress[] hsms = [.. ((isOurs ? cluster["hsms"] : cluster["servers"]) as JsonArray ?? []).Select(hsm => new HsmAddress((string)hsm![isOurs ? "address" : "hostname"]!, (int?)hsm["port"] ?? HsmAddress.UsualPort))];
            _ = await ProbeAsync(hsms, new ClusterConfiguration("", caFile, (string?)cluster["cluster_key_sha256"], hsms).Trust(), ClientCertificate(parsed, cluster), cancel).ConfigureAwait(false);
            cluster[isOurs ? "ca_file" : "hsm_ca_file"] = caFile;
        }

        ChangeSettings(cluster, component, parsed);
    }

    private static void ChangeSettings(JsonObject cluster, Component component, ParseResult parsed)
    {
        if (parsed.GetValue(ConfigureOptions.ClientCertificate) is not null != parsed.GetValue(ConfigureOptions.ClientKey) is not null)
        {
            throw new CommandRefusedException($"{ConfigureOptions.ClientCertificate.Name} and {ConfigureOptions.ClientKey.Name} go together");
        }

        foreach (var (setting, option) in new[] { ("client_cert_path", ConfigureOptions.ClientCertificate), ("client_key_path", ConfigureOptions.ClientKey) })
        {
            if (parsed.GetValue(option) is { } path)
            {
                cluster[setting] = File.Exists(path) ? Path.GetFullPath(path) : throw new CommandRefusedException($"{option.Name}: there is no file {path}");
            }
        }

        if (cluster["options"] is not JsonObject options)
        {
            cluster["options"] = options = new JsonObject();
        }

        foreach (var one in ConfigureOptions.Switches(component))
        {
            one.Apply(parsed, options);
        }

        if (parsed.GetValue(ConfigureOptions.RetryMode) is { } mode)
        {
            options["retry_mode"] = mode;
        }

        if (component == Component.Pkcs11 && parsed.GetValue(ConfigureOptions.KeyTypes) is { Length: > 0 } types)
        {
            cluster.Remove("key_types");
            if (!types.Contains("ALL"))
            {
                cluster["key_types"] = new JsonArray([.. types.Select(type => (JsonNode)type)]);
            }
        }
    }

    // A cluster that enforces mTLS tells its key only to clients that show a certificate.
    private static SslStreamCertificateContext? ClientCertificate(ParseResult parsed, JsonObject? cluster)
    {
        var certificate = parsed.GetValue(ConfigureOptions.ClientCertificate) ?? (string?)cluster?["client_cert_path"];
        return certificate is null ? null : ClusterConfiguration.ReadClientCertificate(certificate, parsed.GetValue(ConfigureOptions.ClientKey) ?? (string?)cluster?["client_key_path"]);
    }

    // The HSMs of a cluster all have its one key. The first that answers tells it; one that is down may be configured all the same.
    private static async Task<ClusterProbe> ProbeAsync(HsmAddress[] addresses, ClusterTrust trust, SslStreamCertificateContext? client, CancellationToken cancel)
    {
        HsmUnreachableException? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return await ClusterProbe.AskAsync(address.Resolve(), trust, client, cancel).ConfigureAwait(false);
            }
            catch (HsmUnreachableException e)
            {
                last = e;
            }
        }

        throw last ?? (Exception)new CommandRefusedException("The cluster has no HSM whose key could be read");
    }

    private static HsmAddress ParseAddress(string text)
    {
        if (IPAddress.TryParse(text, out _))
        {
            return new HsmAddress(text, HsmAddress.UsualPort);
        }

        if (IPEndPoint.TryParse(text, out var endpoint))
        {
            return new HsmAddress(endpoint.Address.ToString(), endpoint.Port);
        }

        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) && port > 0
            ? new HsmAddress(text[..colon], port)
            : new HsmAddress(text, HsmAddress.UsualPort);
    }
}
