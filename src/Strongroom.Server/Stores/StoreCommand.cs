using System.CommandLine;
using System.Security.Cryptography;
using Strongroom.Server.Clusters;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Terminal;
using Strongroom.Wire;

namespace Strongroom.Server.Stores;

/// <summary><c>strongroom store</c>: what an admin decides about a cluster's store.</summary>
internal static class StoreCommand
{
    private static readonly Option<string> As = new("--as") { Description = "the admin who accepts", HelpName = "USER", DefaultValueFactory = _ => "admin" };
    private static readonly Option<string?> AsPasswordFile = new("--as-password-file") { Description = "file whose first line is the admin's password", HelpName = "FILE" };

    public static Command Create() => ExampleHelp.Add(
        new Command("store", "Decide about a store that an HSM refuses to serve.")
        {
            CommandLineOptions.Command(
                "accept",
                "Accept a store that is older than its HSM remembers: after a loss, or after a restore. By an admin. A new epoch begins, and the audit log says who accepted what. Keys, users and changes that the store does not have are gone.",
                "strongroom store accept --as admin --as-password-file admin-password",
                AcceptAsync,
                CommandLineOptions.Directory,
                ClusterCommand.Cluster,
                As,
                AsPasswordFile),
        },
        "strongroom store accept");

    private static async Task<int> AcceptAsync(ParseResult parsed, CancellationToken cancel)
    {
        var clusters = new ClusterControl(parsed.Layout());
        var cluster = clusters.Find(parsed.GetValue(ClusterCommand.Cluster));
        foreach (var hsm in clusters.Hsms(cluster))
        {
            var described = await clusters.DescribeHsmAsync(hsm, cancel).ConfigureAwait(false);
            if ((HsmState)described.State != HsmState.Unaccepted)
            {
                Screen.Line($"{hsm.Hsm}: there is nothing to accept.");
                continue;
            }

            Screen.Line($"{hsm.Hsm}: {described.Cause}");
            var admin = parsed.GetValue(As)!;
            var password = SecretInput.Read(parsed.GetValue(AsPasswordFile), $"Password of {admin}, to accept this");
            try
            {
                var accepted = await clusters.AcceptStoreAsync(hsm, admin, password, cancel).ConfigureAwait(false);
                Screen.Done($"accepted as it was at epoch {accepted.Epoch}, sequence {accepted.Sequence}; epoch {accepted.NewEpoch} has begun, and {hsm.Hsm} serves");
            }
            finally
            {
                CryptographicOperations.ZeroMemory(password);
            }
        }

        return 0;
    }
}
