using System.Security.Cryptography.X509Certificates;
using Strongroom.Client;
using Strongroom.Server.Backups;
using Strongroom.Server.Deployment;
using Strongroom.Wire;

namespace Strongroom.Server.ControlPlane;

/// <summary>
/// The life of clusters: what the CloudHSM v2 API and <c>strongroom cluster</c> both call. It talks to HSMs over their control sockets, which can't use a
/// key, and to a cluster's users over the same port as any application.
/// </summary>
internal sealed class ClusterControl(Layout layout)
{
    /// <summary>The cluster <paramref name="id"/>, or the only one if there is no id.</summary>
    public ClusterRecord Find(string? id)
    {
        var clusters = DeploymentFile.Read(layout).Clusters;
        var named = id is null ? clusters : [.. clusters.Where(cluster => cluster.Cluster == ClusterId.Parse(id).Value)];
        return named switch
        {
            [var only] => only,
            [] when id is null => throw new RefusalException($"There is no cluster in {layout.Root}.", "strongroom cluster create, or strongroom quickstart"),
            [] => throw new RefusalException($"There is no cluster {id} in {layout.Root}; it has: {string.Join(", ", clusters.Select(cluster => cluster.Cluster))}."),
            _ => throw new RefusalException($"There are several clusters in {layout.Root}: {string.Join(", ", clusters.Select(cluster => cluster.Cluster))}.", "Name one with --cluster."),
        };
    }

    public HsmRecord[] Hsms(ClusterRecord cluster) => [.. DeploymentFile.Read(layout).Hsms.Where(hsm => hsm.Cluster == cluster.Cluster)];

    /// <summary>A cluster without any HSM.</summary>
    public ClusterRecord Create(string mode)
    {
        layout.Create();
        var record = new ClusterRecord(ClusterId.New().Value, mode, TimeProvider.System.GetUtcNow());
        Directory.CreateDirectory(layout.Cluster(ClusterId.Parse(record.Cluster)), PrivateFile.OwnerOnlyDirectory);
        DeploymentFile.Change(layout, deployment => deployment with { Clusters = [.. deployment.Clusters, record] });
        return record;
    }

    /// <summary>Birth: its first HSM, running, blank and certified, draws the cluster's keys.</summary>
    /// <returns>the one-time code, which nobody can get again</returns>
    public async Task<ClusterBirth> BearAsync(ClusterRecord cluster, CancellationToken cancel)
    {
        var hsm = FirstHsm(cluster);
        await using var control = Control(hsm);
        return new ClusterBirth(cluster.Cluster, hsm.Hsm, await control.CreateClusterAsync(cluster.Cluster, cluster.Mode, cancel).ConfigureAwait(false));
    }

    /// <summary>A cluster that comes from a backup, known from then on; without any HSM, or with the one that an interrupted restore left.</summary>
    public ClusterRecord Adopt(string id, string mode)
    {
        layout.Create();
        if (DeploymentFile.Read(layout).Clusters.FirstOrDefault(cluster => cluster.Cluster == id) is { } known)
        {
            return known;
        }

        var record = new ClusterRecord(id, mode, TimeProvider.System.GetUtcNow());
        Directory.CreateDirectory(layout.Cluster(ClusterId.Parse(id)), PrivateFile.OwnerOnlyDirectory);
        DeploymentFile.Change(layout, deployment => deployment with { Clusters = [.. deployment.Clusters, record] });
        return record;
    }

    /// <summary>Writes a backup of a cluster.</summary>
    /// <param name="cluster">initialised</param>
    /// <param name="file">absolute</param>
    /// <param name="report">told now and then how many records of how many objects are copied</param>
    /// <param name="cancel">stops waiting</param>
    public async Task<BackupDescription> BackupAsync(ClusterRecord cluster, string file, Action<string>? report, CancellationToken cancel)
    {
        var hsm = FirstHsm(cluster);
        await using var control = Control(hsm);
        var backup = control.BackupAsync(file, cancel);
        while (report is not null && await Task.WhenAny(backup, Task.Delay(TimeSpan.FromMilliseconds(500), cancel)).ConfigureAwait(false) != backup)
        {
            var counters = (await DescribeHsmAsync(hsm, cancel).ConfigureAwait(false)).Counters.ToDictionary(counter => counter.Name, counter => counter.Value);
            report($"backing up: {counters.GetValueOrDefault("strongroom_copied_records")} records; the cluster has {counters.GetValueOrDefault("strongroom_keys")} keys");
        }

        var made = await backup.ConfigureAwait(false);
        return new BackupDescription(cluster.Cluster, file, made.Bytes, made.Records, made.Epoch, made.Sequence);
    }

    /// <summary>The admins' decision about a store that the HSM does not serve.</summary>
    public async Task<AcceptStoreReply> AcceptStoreAsync(HsmRecord hsm, WireAdminWord[] words, CancellationToken cancel)
    {
        await using var control = Control(hsm);
        return await control.AcceptStoreAsync(words, cancel).ConfigureAwait(false);
    }

    public async Task<DescribeHsmReply> DescribeHsmAsync(HsmRecord hsm, CancellationToken cancel)
    {
        await using var control = Control(hsm);
        return await control.DescribeAsync(cancel).ConfigureAwait(false);
    }

    public async Task<GetCertificatesReply> GetCertificatesAsync(ClusterRecord cluster, CancellationToken cancel)
    {
        await using var control = Control(FirstHsm(cluster));
        return await control.GetCertificatesAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>The customer's claim. The HSM checks both certificates; what it took is kept for the cluster's clients.</summary>
    /// <param name="cluster">an UNINITIALIZED cluster</param>
    /// <param name="signedCert">its certificate, signed by the customer's CA; PEM</param>
    /// <param name="trustAnchor">that CA, issuing CA first, at most 4; PEM</param>
    /// <param name="cancel">stops waiting</param>
    public async Task InitializeAsync(ClusterRecord cluster, string signedCert, string trustAnchor, CancellationToken cancel)
    {
        await using var control = Control(FirstHsm(cluster));
        await control.InitializeAsync(signedCert, trustAnchor, cancel).ConfigureAwait(false);
        KeepTrust(cluster, trustAnchor);
    }

    /// <summary>Sets the first admin's password with the birth's one-time code.</summary>
    public async Task ActivateAsync(ClusterRecord cluster, ReadOnlyMemory<byte> code, ReadOnlyMemory<byte> password, CancellationToken cancel)
    {
        await using var client = await ConnectAsync(cluster, cancel).ConfigureAwait(false);
        await client.ActivateAsync(code, password, cancel).ConfigureAwait(false);
    }

    public async Task<ClusterDescription> DescribeAsync(ClusterRecord cluster, CancellationToken cancel)
    {
        var states = new List<HsmState>();
        var hsms = new List<HsmDescription>();
        foreach (var hsm in Hsms(cluster))
        {
            var (state, cause) = await StateAsync(hsm, cancel).ConfigureAwait(false);
            states.Add(state);
            var serves = state is HsmState.Uninitialized or HsmState.Initialized or HsmState.Active;
            hsms.Add(new HsmDescription(hsm.Hsm, serves ? "ACTIVE" : state == HsmState.Blank ? "CREATE_IN_PROGRESS" : "DEGRADED", cause, hsm.Address, hsm.Zone));
        }

        return new ClusterDescription(cluster.Cluster, ApiState(states), cluster.Mode, cluster.Created, [.. hsms]);
    }

    /// <summary>An unconnected client of the cluster, which takes no other server than the cluster itself.</summary>
    public async Task<HsmClient> ConnectAsync(ClusterRecord cluster, CancellationToken cancel)
    {
        var certificate = (await GetCertificatesAsync(cluster, cancel).ConfigureAwait(false)).ClusterCertificate;
        if (certificate.Length == 0 || !File.Exists(TrustAnchorFile(cluster)))
        {
            throw new RefusalException($"{cluster.Cluster} is not initialised yet: it has no certificate of yours.", $"strongroom cluster initialize --cluster {cluster.Cluster} --signed-cert FILE --trust-anchor FILE");
        }

        using var parsed = X509Certificate2.CreateFromPem(certificate);
        return new HsmClient(new HsmClientOptions
        {
            ClusterId = cluster.Cluster,
            Hsms = [.. Hsms(cluster).Select(hsm => new System.Net.IPEndPoint(System.Net.IPAddress.Parse(hsm.Address), HsmAddress.Port))],
            Trust = ClusterTrust.FromFile(TrustAnchorFile(cluster), ClusterTrust.KeySha256(parsed)),
            Application = "strongroom",
        });
    }

    /// <summary>The customer's CA as the cluster was initialised with.</summary>
    public string TrustAnchorFile(ClusterRecord cluster) => Path.Combine(layout.Cluster(ClusterId.Parse(cluster.Cluster)), "customerCA.crt");

    /// <summary>Where the HSM is talked to by whoever runs the host.</summary>
    public string ControlSocket(HsmRecord hsm) => layout.ControlSocket(HsmId.Parse(hsm.Hsm));

    /// <summary>Keeps the customer's CA for our own clients.</summary>
    public void KeepTrust(ClusterRecord cluster, string trustAnchor) => PrivateFile.Write(TrustAnchorFile(cluster), trustAnchor, PrivateFile.Everyone);

    private ControlClient Control(HsmRecord hsm) => new(ControlSocket(hsm));

    private HsmRecord FirstHsm(ClusterRecord cluster) =>
        Hsms(cluster) is [var first, ..] ? first : throw new RefusalException($"{cluster.Cluster} has no HSM.", $"strongroom cluster create --cluster {cluster.Cluster}");

    private async Task<(HsmState State, string Cause)> StateAsync(HsmRecord hsm, CancellationToken cancel)
    {
        try
        {
            var described = await DescribeHsmAsync(hsm, cancel).ConfigureAwait(false);
            return ((HsmState)described.State, described.Cause);
        }
        catch (HsmUnreachableException unreachable)
        {
            return (HsmState.Failed, unreachable.Message);
        }
    }

    private static string ApiState(IReadOnlyList<HsmState> states) => states switch
    {
        [] => "UNINITIALIZED",
        _ when states.All(state => state == HsmState.Active) => "ACTIVE",
        _ when states.Any(state => state is HsmState.Failed or HsmState.Sealed or HsmState.Unaccepted) => "DEGRADED",
        _ when states.Any(state => state == HsmState.Initialized) => "INITIALIZED",
        _ when states.Any(state => state == HsmState.Uninitialized) => "UNINITIALIZED",
        _ => "CREATE_IN_PROGRESS",
    };
}
