using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Node.Birth;
using Strongroom.Node.Start;
using Strongroom.Node.State;
using Strongroom.Node.Trust;

namespace Strongroom.Node.CommandLine;

/// <summary>strongroom-hsm create: the state directory of a new HSM, with its root of trust and hardware identity.</summary>
internal static class CreateCommand
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        ClosedStart.Require();
        SecretArena.Initialize();
        SelfTests.Run();
        var kind = arguments["--root-of-trust"] switch
        {
            "file" => RootOfTrustKind.File,
            "passphrase" => RootOfTrustKind.Passphrase,
            var other => throw new UsageException($"{other} is not a root of trust: file or passphrase"),
        };
        var path = Path.GetFullPath(arguments["--state"]);
        var hsm = new HsmFile(arguments["--hsm"], arguments["--address"], kind, Path.GetFullPath(arguments["--store"]));
        var passphrase = kind == RootOfTrustKind.Passphrase ? PassphraseInput.ReadNew(arguments.Has("--passphrase-stdin")) : default;
        try
        {
            using var state = StateDirectory.Create(path, hsm);
            var trust = RootOfTrust.Of(kind, path, hsm.Hsm);
            using var root = await trust.CreateAsync(passphrase, CancellationToken.None).ConfigureAwait(false);
            using var identity = HardwareIdentity.Create(state, root);
            if (trust.Banner is { } banner)
            {
                await Console.Error.WriteLineAsync(banner).ConfigureAwait(false);
            }

            return 0;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase.Span);
        }
    }
}
