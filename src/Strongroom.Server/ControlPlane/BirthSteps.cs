using Strongroom.Server.Ceremony;
using Strongroom.Server.Deployment;
using Strongroom.Server.Supervision;

namespace Strongroom.Server.ControlPlane;

/// <summary>From nothing to an UNINITIALIZED cluster with one HSM. Each step is skipped if it was done before, so that it can be gone on with after a break.</summary>
internal sealed class BirthSteps(Layout layout)
{
    private readonly ClusterControl _clusters = new(layout);

    /// <summary>The cluster's HSM, made if it has none.</summary>
    public async Task<HsmRecord> HsmAsync(ClusterRecord cluster, string rootOfTrust, string zone, CancellationToken cancel) =>
        _clusters.Hsms(cluster) is [var first, ..] ? first : await HsmCreation.RunAsync(layout, ClusterId.Parse(cluster.Cluster), rootOfTrust, zone, cancel).ConfigureAwait(false);

    /// <summary>Starts it; returns its state in lower case: blank if it is new, sealed if it waits for its passphrase.</summary>
    public async Task<string> StartAsync(HsmRecord hsm, CancellationToken cancel)
    {
        var status = await new Readiness(layout).StartAsync(cancel).ConfigureAwait(false);
        var row = status.Hsms.Single(known => known.Hsm == hsm.Hsm);
        return row.State is "down" or "failed" ? throw new RefusalException($"{hsm.Hsm} is {row.State}: {row.Cause}", row.Remedy) : row.State;
    }

    /// <summary>Certifies its hardware identity, unless it has been.</summary>
    public Task<bool> CertifyAsync(HsmRecord hsm, string ceremony, ReadOnlyMemory<byte> passphrase, CancellationToken cancel) =>
        HsmCertification.RunAsync(_clusters.ControlSocket(hsm), new CeremonyRoots(ceremony), passphrase, cancel);
}
