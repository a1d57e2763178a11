using System.Net.Sockets;
using System.Security.Cryptography;
using Strongroom.Node.Control;
using Strongroom.Node.Start;
using Strongroom.Node.State;
using Strongroom.Wire;

namespace Strongroom.Node.CommandLine;

/// <summary>strongroom-hsm unseal: the passphrase goes from the terminal to the running HSM, through nothing else.</summary>
internal static class UnsealCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        Restart.WithCleanEnvironment();
        ClosedStart.Require();
        var path = Path.Combine(Path.GetFullPath(arguments["--state"]), StateDirectory.ControlSocketName);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new StateException($"no HSM runs on {path}: {e.Message}", e);
        }

        var passphrase = PassphraseInput.Read(arguments.Has("--passphrase-stdin"), "Passphrase: ");
        await using var stream = new NetworkStream(socket);
        try
        {
            var refused = await UnsealRequests.SendAsync(stream, passphrase).ConfigureAwait(false);
            await Console.Error.WriteLineAsync(refused is null ? "unsealed" : $"strongroom-hsm: {refused}").ConfigureAwait(false);
            return refused is null ? 0 : 1;
        }
        catch (Exception e) when (e is IOException or WireFormatException)
        {
            throw new StateException($"the HSM on {path} did not answer: {e.Message}", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase.Span);
        }
    }
}
