using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Strongroom.Server.Clusters;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Terminal;
using Strongroom.Wire;

namespace Strongroom.Server.Stores;

/// <summary><c>strongroom store</c>: what an admin decides about a cluster's store.</summary>
internal static class StoreCommand
{
    private static readonly Option<string[]> As = new("--as") { Description = "the admin who accepts; again for each further admin, where the cluster's quorum asks for several", HelpName = "USER", DefaultValueFactory = _ => ["admin"] };
    private static readonly Option<string[]> AsPasswordFile = new("--as-password-file") { Description = "file whose first line is the admin's password; one for each --as", HelpName = "FILE" };
    private static readonly Option<string[]> AsSignatureFile = new("--as-signature-file") { Description = "signature by an admin's second factor, of what the refusal without it names", HelpName = "USER=FILE" };

    public static Command Create() => ExampleHelp.Add(
        new Command("store", "Decide about a store that an HSM refuses to serve.")
        {
            CommandLineOptions.Command(
                "accept",
                "Accept a store that is older than its HSM remembers: after a loss, or after a restore. By an admin, or by as many as the cluster's quorum asks for. A new epoch begins, and the audit log says who accepted what. Keys, users and changes that the store does not have are gone.",
                "strongroom store accept --as admin --as-password-file admin-password",
                AcceptAsync,
                CommandLineOptions.Directory,
                ClusterCommand.Cluster,
                As,
                AsPasswordFile,
                AsSignatureFile),
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
            var words = new List<WireAdminWord>();
            try
            {
                ReadWords(parsed, words);
                var accepted = await clusters.AcceptStoreAsync(hsm, [.. words], cancel).ConfigureAwait(false);
                Screen.Done($"accepted as it was at epoch {accepted.Epoch}, sequence {accepted.Sequence}; epoch {accepted.NewEpoch} has begun, and {hsm.Hsm} serves");
            }
            finally
            {
                foreach (var word in words)
                {
                    CryptographicOperations.ZeroMemory(MemoryMarshal.AsMemory(word.Password).Span);
                }
            }
        }

        return 0;
    }

    // Into a list of the caller's, who wipes what was read before the next password could not be.
    private static void ReadWords(ParseResult parsed, List<WireAdminWord> words)
    {
        var admins = parsed.GetValue(As)!;
        var files = parsed.GetValue(AsPasswordFile) ?? [];
        if (files.Length > 0 && files.Length != admins.Length)
        {
            throw new RefusalException($"There are {admins.Length} admins and {files.Length} password files.", "Give one --as-password-file for each --as, or none to be asked.");
        }

        var signatures = new Dictionary<string, byte[]>();
        foreach (var given in parsed.GetValue(AsSignatureFile) ?? [])
        {
            if (given.Split('=', 2) is not [var user, var file] || !File.Exists(file))
            {
                throw new RefusalException($"{given} is not USER=FILE, or there is no such file.");
            }

            if (!admins.Contains(user) || !signatures.TryAdd(user, File.ReadAllBytes(file)))
            {
                throw new RefusalException($"{user} is none of the admins who accept, or has another signature beside {file}.", "Give one --as-signature-file for each --as with a second factor.");
            }
        }

        for (var i = 0; i < admins.Length; i++)
        {
            words.Add(new WireAdminWord(admins[i], SecretInput.Read(files.Length > 0 ? files[i] : null, $"Password of {admins[i]}, to accept this"), signatures.GetValueOrDefault(admins[i])));
        }
    }
}
