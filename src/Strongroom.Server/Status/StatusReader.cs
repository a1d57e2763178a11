using Strongroom.Client;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;
using Strongroom.Server.Supervision;
using Strongroom.Wire;

namespace Strongroom.Server.Status;

/// <summary>Puts together what strongroom.json, the supervisor and each HSM say.</summary>
internal sealed class StatusReader(Layout layout)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    public async Task<DeploymentStatus> ReadAsync(CancellationToken cancel)
    {
        var deployment = DeploymentFile.Read(layout);
        var supervisor = PidFile.Holder(layout);
        var children = supervisor is null ? [] : await SupervisorSocket.AskAsync(layout, SupervisorVerb.Report, cancel).ConfigureAwait(false) ?? [];
        var byName = children.ToDictionary(child => child.Name);
        var rows = await Task.WhenAll(deployment.Hsms.Select(hsm => ReadAsync(hsm, byName.GetValueOrDefault(hsm.Hsm), cancel))).ConfigureAwait(false);
        return new DeploymentStatus(layout.Root, supervisor ?? 0, rows);
    }

    private async Task<HsmStatus> ReadAsync(HsmRecord hsm, ChildReport? child, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(AnswerWithin);
        try
        {
            var described = await new ClusterControl(layout).DescribeHsmAsync(hsm, deadline.Token).ConfigureAwait(false);
            var state = Name((HsmState)described.State, hsm.RootOfTrust);
            return Row(hsm, child, state, described.Cause) with
            {
                Epoch = described.Epoch,
                Sequence = described.Sequence,
                UptimeSeconds = described.Uptime,
                Counters = described.Counters.GroupBy(counter => counter.Name).ToDictionary(same => same.Key, same => same.Last().Value),
            };
        }
        catch (HsmUnreachableException unreachable)
        {
            return Row(hsm, child, "down", DownCause(child, unreachable.Message));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Row(hsm, child, "down", $"it did not answer within {AnswerWithin.TotalSeconds:0} s");
        }
    }

    private HsmStatus Row(HsmRecord hsm, ChildReport? child, string state, string cause) =>
        new(hsm.Hsm, hsm.Cluster, state, cause, Remedy(hsm, state, child), hsm.RootOfTrust, hsm.Address, child?.Pid ?? 0, child?.Starts ?? 0, 0, 0, 0, new Dictionary<string, ulong>());

    private string Remedy(HsmRecord hsm, string state, ChildReport? child)
    {
        var state_ = ShellEnvironment.Quote(layout.Hsm(HsmId.Parse(hsm.Hsm)));
        var directory = ShellEnvironment.Quote(layout.Root);
        return state switch
        {
            "sealed" => $"strongroom-hsm unseal --state {state_}",
            "blank" => $"strongroom cluster create --dir {directory} --cluster {hsm.Cluster}",
            "uninitialized" => $"strongroom cluster csr --dir {directory} --cluster {hsm.Cluster}",
            "initialized" => $"strongroom cluster activate --dir {directory} --cluster {hsm.Cluster}",
            "unaccepted" => $"strongroom store accept --dir {directory} --cluster {hsm.Cluster}",
            "down" when child is null => $"strongroom up --dir {directory}",
            "down" or "failed" => $"strongroom logs --dir {directory} --hsm {hsm.Hsm}",
            _ => "",
        };
    }

    // Nobody is waited for when a file is the root of trust: such an HSM is only not ready yet.
    private static string Name(HsmState state, string rootOfTrust) => state switch
    {
        HsmState.Sealed when rootOfTrust == "file" => "starting",
        _ when Enum.IsDefined(state) => state.ToString().ToLowerInvariant(),
        _ => $"state {(ulong)state}",
    };

    private static string DownCause(ChildReport? child, string unreachable) => child switch
    {
        null => "it is not started",
        { State: ChildState.Running } => $"process {child.Pid} runs but does not answer: {unreachable}",
        { Cause.Length: > 0 } => child.Cause,
        _ => unreachable,
    };
}
