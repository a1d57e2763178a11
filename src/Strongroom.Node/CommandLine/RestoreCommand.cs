using System.Security.Cryptography;
using Strongroom.Node.Backups;
using Strongroom.Node.Control;
using Strongroom.Node.Start;
using Strongroom.Node.State;
using Strongroom.Wire;

namespace Strongroom.Node.CommandLine;

/// <summary>strongroom-hsm restore: the passphrase that opens a backup goes from the terminal to the blank HSM that takes it, through nothing else.</summary>
internal static class RestoreCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        Restart.WithCleanEnvironment();
        ClosedStart.Require();
        var path = Path.GetFullPath(arguments["--backup"]);
        var rootKey = arguments.Find("--root-key") is { } file ? Path.GetFullPath(file) : "";
        using var reader = BackupReader.Open(path);
        if (reader.Header.RootOfTrust == "file" && rootKey.Length == 0)
        {
            throw new UsageException($"{path} was made by {reader.Header.Hsm}, whose root of trust is a file: give a copy of its root.key with --root-key");
        }

        var passphrase = reader.Header.RootOfTrust == "passphrase" ? PassphraseInput.Read(arguments.Has("--passphrase-stdin"), $"Passphrase of {reader.Header.Hsm}, which made the backup: ") : default;
        try
        {
            var refused = await OwnRequests.SendAsync<RestoreRequest, RestoreReply>(arguments["--state"], new RestoreRequest(path, passphrase, rootKey)).ConfigureAwait(false);
            await Console.Error.WriteLineAsync(refused is null ? "restored; it serves once an admin has accepted it: strongroom store accept" : $"strongroom-hsm: {refused}").ConfigureAwait(false);
            return refused is null ? 0 : 1;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase.Span);
        }
    }
}
