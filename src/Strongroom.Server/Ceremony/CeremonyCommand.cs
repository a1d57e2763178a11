using System.CommandLine;
using System.Security.Cryptography;
using Strongroom.Server.Deployment;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Ceremony;

/// <summary><c>strongroom ceremony</c>: what stands in for CloudHSM's factory.</summary>
internal static class CeremonyCommand
{
    private static readonly Option<string> Out = new("--out") { Description = "folder for the two roots", HelpName = "FOLDER", Required = true };
    private static readonly Option<string> Organisation = new("--organisation") { Description = "O= of the roots' names", HelpName = "NAME", DefaultValueFactory = _ => "Strongroom" };
    private static readonly Option<bool> NoPassphrase = new("--no-passphrase") { Description = "leave the roots' keys unencrypted (development)" };
    private static readonly Option<string?> PassphraseFile = new("--passphrase-file") { Description = "file whose first line is the roots' passphrase; else it is asked for, or read from a pipe", HelpName = "FILE" };
    private static readonly Option<string> Folder = new("--ceremony") { Description = "folder of the two roots", HelpName = "FOLDER", Required = true };
    private static readonly Option<string?> Hsm = new("--hsm") { Description = "state directory of a running HSM, which is asked and given its certificates", HelpName = "STATE" };
    private static readonly Option<string?> Request = new("--request") { Description = "instead of --hsm: a file with the HSM's identity request (PEM)", HelpName = "FILE" };
    private static readonly Option<string?> IdentityOut = new("--out") { Description = "with --request: folder for owner.crt and manufacturer.crt", HelpName = "FOLDER" };

    public static Command Create() => ExampleHelp.Add(new Command("ceremony", "Make the two roots of the HSMs' identities, and certify HSMs under them.") { MakeRoots, Certify }, "strongroom ceremony create --out /media/vault/roots");

    private static Command MakeRoots => CommandLineOptions.Command("create", "Make the owner's and the manufacturer's root. Their keys belong on a medium that is not connected to any service.", "strongroom ceremony create --out /media/vault/roots --organisation 'Example Ltd'", MakeRootsAsync, Out, Organisation, NoPassphrase, PassphraseFile);

    private static Command Certify => CommandLineOptions.Command("certify", "Certify an HSM's identity key under both roots.", "strongroom ceremony certify --ceremony /media/vault/roots --hsm .strongroom/hsms/hsm-abcdefghijk", CertifyAsync, Folder, Hsm, Request, IdentityOut, PassphraseFile);

    private static Task<int> MakeRootsAsync(ParseResult parsed, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(parsed.GetValue(Out)!);
        var passphrase = parsed.GetValue(NoPassphrase) ? [] : SecretInput.Read(parsed.GetValue(PassphraseFile), "Passphrase for the roots' keys", confirm: true);
        new CeremonyRoots(folder).Create(parsed.GetValue(Organisation)!, passphrase, TimeProvider.System.GetUtcNow());
        CryptographicOperations.ZeroMemory(passphrase);
        Screen.Done($"made the owner's and the manufacturer's root in {folder}");
        Screen.Line($"Next: strongroom ceremony certify --ceremony {ShellEnvironment.Quote(folder)} --hsm STATE");
        return Task.FromResult(0);
    }

    private static async Task<int> CertifyAsync(ParseResult parsed, CancellationToken cancel)
    {
        var folder = Path.GetFullPath(parsed.GetValue(Folder)!);
        var roots = new CeremonyRoots(folder);
        var passphrase = AreEncrypted(folder) ? SecretInput.Read(parsed.GetValue(PassphraseFile), "Passphrase of the roots' keys") : [];
        switch (parsed.GetValue(Hsm), parsed.GetValue(Request), parsed.GetValue(IdentityOut))
        {
            case ({ } state, null, null):
                var fresh = await HsmCertification.RunAsync(Path.Combine(Path.GetFullPath(state), "control.sock"), roots, passphrase, cancel).ConfigureAwait(false);
                Screen.Done(fresh ? "the HSM has its two hardware certificates" : "the HSM had its hardware certificates already");
                return 0;
            case (null, { } request, { } target):
                var issued = roots.Certify(await File.ReadAllTextAsync(request, cancel).ConfigureAwait(false), passphrase, TimeProvider.System.GetUtcNow());
                Directory.CreateDirectory(target);
                PrivateFile.Write(Path.Combine(target, "owner.crt"), issued.Owner, PrivateFile.Everyone);
                PrivateFile.Write(Path.Combine(target, "manufacturer.crt"), issued.Manufacturer, PrivateFile.Everyone);
                Screen.Done($"wrote owner.crt and manufacturer.crt to {target}");
                return 0;
            default:
                throw new RefusalException("ceremony certify takes either --hsm STATE, or --request FILE with --out FOLDER.");
        }
    }

    private static bool AreEncrypted(string folder) =>
        Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*-root.key").Any(file => File.ReadAllText(file).Contains("ENCRYPTED", StringComparison.Ordinal));
}
