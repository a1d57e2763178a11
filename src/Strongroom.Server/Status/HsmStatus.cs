namespace Strongroom.Server.Status;

/// <summary>One row of <c>strongroom status</c>.</summary>
/// <param name="Hsm">HSM id</param>
/// <param name="Cluster">cluster id</param>
/// <param name="State">active, initialized, uninitialized, blank, starting, sealed, failed, or down if the process does not answer</param>
/// <param name="Cause">why it is not serving; else empty</param>
/// <param name="Remedy">the command that helps; else empty</param>
/// <param name="RootOfTrust">file or passphrase</param>
/// <param name="Address">where it serves applications</param>
/// <param name="Pid">process id, 0 if none</param>
/// <param name="Starts">how often its supervisor started it</param>
/// <param name="Epoch">of the cluster's store</param>
/// <param name="Sequence">of the cluster's store</param>
/// <param name="UptimeSeconds">since the process started</param>
/// <param name="Counters">what /metrics shows too, by metric name</param>
public sealed record HsmStatus(
    string Hsm,
    string Cluster,
    string State,
    string Cause,
    string Remedy,
    string RootOfTrust,
    string Address,
    int Pid,
    int Starts,
    ulong Epoch,
    ulong Sequence,
    ulong UptimeSeconds,
    IReadOnlyDictionary<string, ulong> Counters)
{
    public const string Serving = "active";

    /// <summary>Whether applications can use it.</summary>
    public bool IsServing => State == Serving;
}
