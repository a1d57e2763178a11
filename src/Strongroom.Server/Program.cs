using System.CommandLine;
using System.Net.Sockets;
using Strongroom.Client;
using Strongroom.Server;
using Strongroom.Server.Backups;
using Strongroom.Server.Ceremony;
using Strongroom.Server.Clusters;
using Strongroom.Server.Quickstart;
using Strongroom.Server.Status;
using Strongroom.Server.Stores;
using Strongroom.Server.Supervision;
using Strongroom.Server.Terminal;

var root = new RootCommand("Strongroom: HSM clusters on machines of your own.")
{
    QuickstartCommand.Create(),
    StatusCommand.Create(),
    CeremonyCommand.Create(),
    ClusterCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    StoreCommand.Create(),
};
foreach (var command in SupervisorCommands.Create())
{
    root.Add(command);
}

ExampleHelp.Add(root, "strongroom quickstart");
ExampleHelp.Install(root);

try
{
    // Our own handlers see signals first: the supervisor has its HSMs to stop.
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }).ConfigureAwait(false);
}
catch (RefusalException refusal)
{
    Screen.Error(refusal.Message, refusal.Remedy);
}
catch (HsmRefusedException refused)
{
    Screen.Error($"The HSM refused: {refused.Message}", null);
}
catch (Exception error) when (error is HsmUnreachableException or HsmNotTrustedException or IOException or UnauthorizedAccessException or SocketException)
{
    Screen.Error(error.Message, null);
}

return 1;
