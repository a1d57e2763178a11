using Strongroom.Hsm;
using Strongroom.Node.Birth;

namespace Strongroom.Node.Data;

/// <summary>An HSM that serves applications: what its listener's connections share.</summary>
/// <param name="Module">the module</param>
/// <param name="Cluster">cluster-…</param>
/// <param name="Hsm">hsm-…</param>
/// <param name="RootOfTrust">file or passphrase</param>
/// <param name="Counters">what the listener counts</param>
/// <param name="Vouching">what the HSM and its cluster are known by</param>
/// <param name="Uptime">how long the HSM runs</param>
/// <param name="Fail">stops the HSM for good, with the reason</param>
internal sealed record ServingHsm(Module Module, string Cluster, string Hsm, string RootOfTrust, ListenerCounters Counters, Vouching Vouching, Func<TimeSpan> Uptime, Action<Exception> Fail)
{
    /// <summary>Room for long frames.</summary>
    public Reception Reception { get; } = new();
}
