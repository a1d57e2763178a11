using System.Security.Cryptography;
using Strongroom.Node.Control;
using Strongroom.Node.Start;
using Strongroom.Wire;

namespace Strongroom.Node.CommandLine;

/// <summary>strongroom-hsm unseal: the passphrase goes from the terminal to the running HSM, through nothing else.</summary>
internal static class UnsealCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        Restart.WithCleanEnvironment();
        ClosedStart.Require();
        var passphrase = PassphraseInput.Read(arguments.Has("--passphrase-stdin"), "Passphrase: ");
        try
        {
            var refused = await OwnRequests.SendAsync<UnsealRequest, UnsealReply>(arguments["--state"], new UnsealRequest(passphrase)).ConfigureAwait(false);
            await Console.Error.WriteLineAsync(refused is null ? "unsealed" : $"strongroom-hsm: {refused}").ConfigureAwait(false);
            return refused is null ? 0 : 1;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase.Span);
        }
    }
}
