using Strongroom.Server.Deployment;
using Strongroom.Server.Status;

namespace Strongroom.Server.Supervision;

/// <summary>Starts a DIR and waits until each HSM answers: whether it serves, or what it waits for.</summary>
internal sealed class Readiness(Layout layout)
{
    // One million keys are ready within 30 s of start; a machine that is busy besides gets twice that.
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    // An HSM that died this often by itself will not come up by waiting.
    private const int HopelessStarts = 4;

    public async Task<DeploymentStatus> StartAsync(CancellationToken cancel)
    {
        InstalledPrograms.Link(layout);
        await new SupervisorControl(layout).StartAsync(cancel).ConfigureAwait(false);
        var until = Environment.TickCount64 + (long)Within.TotalMilliseconds;
        while (true)
        {
            var status = await new StatusReader(layout).ReadAsync(cancel).ConfigureAwait(false);
            if (status.Hsms.All(hsm => hsm.State is not ("down" or "starting") || hsm.Starts >= HopelessStarts) || Environment.TickCount64 > until)
            {
                return status;
            }

            await Task.Delay(LookEvery, cancel).ConfigureAwait(false);
        }
    }
}
