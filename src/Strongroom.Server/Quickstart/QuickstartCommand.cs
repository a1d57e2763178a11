using System.CommandLine;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Quickstart;

/// <summary><c>strongroom quickstart</c>: from nothing to a signature by a key in an HSM, verified by OpenSSL. Every step that was done before is skipped.</summary>
internal static class QuickstartCommand
{
    private const string TokenLabel = "hsm1";
    private static readonly Option<string> Mode = new Option<string>("--mode") { Description = "of the cluster, fixed for its life: NON_FIPS or FIPS", HelpName = "MODE", DefaultValueFactory = _ => "NON_FIPS" }.AcceptOnlyFromAmong("NON_FIPS", "FIPS");

    public static Command Create() => CommandLineOptions.Command(
        "quickstart",
        "On this machine: a cluster with one HSM, a crypto user, and a first key that signs. Run it again at any time; what is done is kept.",
        "strongroom quickstart --dir .strongroom",
        RunAsync,
        CommandLineOptions.Directory,
        Mode);

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var layout = parsed.Layout();
        var clusters = new ClusterControl(layout);
        layout.Create();
        Screen.Heading($"Strongroom in {layout.Root}");
        DevelopmentCeremony.Hold(layout);

        var cluster = DeploymentFile.Read(layout).Clusters is [var first, ..] ? first : clusters.Create(parsed.GetValue(Mode)!);
        var steps = new BirthSteps(layout);
        var hsm = await steps.HsmAsync(cluster, "file", "a", cancel).ConfigureAwait(false);
        var state = await Screen.StepAsync($"starting {hsm.Hsm}", () => steps.StartAsync(hsm, cancel), _ => $"{hsm.Hsm} runs on {hsm.Address}").ConfigureAwait(false);
        if (state == "sealed")
        {
            throw new RefusalException($"{hsm.Hsm} waits for its passphrase.", $"strongroom-hsm unseal --state {ShellEnvironment.Quote(layout.Hsm(HsmId.Parse(hsm.Hsm)))}\nthen: strongroom quickstart --dir {ShellEnvironment.Quote(layout.Root)}");
        }

        var customer = new CustomerSide(layout, cluster);
        if (state == "blank")
        {
            await steps.CertifyAsync(hsm, layout.Ceremony, default, cancel).ConfigureAwait(false);
            var birth = await clusters.BearAsync(cluster, cancel).ConfigureAwait(false);
            customer.KeepActivationCode(birth.ActivationCode);
            Screen.Done($"{cluster.Cluster} is born; its hardware identity is certified under both roots");
            state = "uninitialized";
        }

        if (state == "uninitialized")
        {
            await customer.ClaimAsync(clusters, cancel).ConfigureAwait(false);
            state = "initialized";
        }

        if (state == "initialized")
        {
            await customer.ActivateAsync(clusters, cancel).ConfigureAwait(false);
        }

        var pin = await customer.CryptoUserAsync(clusters, cancel).ConfigureAwait(false);
        await WriteClientAsync(layout, clusters, cluster, pin, cancel).ConfigureAwait(false);
        var environment = ToolEnvironment.For(layout, TokenLabel, pin);
        await new FirstSignature(layout, environment).ShowAsync(cancel).ConfigureAwait(false);
        ShowNext(layout);
        return 0;
    }

    private static async Task WriteClientAsync(Layout layout, ClusterControl clusters, ClusterRecord cluster, string pin, CancellationToken cancel)
    {
        var certificate = (await clusters.GetCertificatesAsync(cluster, cancel).ConfigureAwait(false)).ClusterCertificate;
        using var parsed = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(certificate);
        var trust = Path.Combine(layout.Client, "customerCA.crt");
        PrivateFile.Write(trust, await File.ReadAllTextAsync(clusters.TrustAnchorFile(cluster), cancel).ConfigureAwait(false), PrivateFile.Everyone);
        var hsms = clusters.Hsms(cluster).Select(hsm => new ClientConfiguration.Hsm(hsm.Address, HsmAddress.Port)).ToArray();
        new ClientConfiguration(
            [new ClientConfiguration.Cluster(cluster.Cluster, TokenLabel, trust, Client.ClusterTrust.KeySha256(parsed), hsms)],
            new ClientConfiguration.Logging(Path.Combine(layout.Client, "pkcs11.log"), "info")).Write(layout);
        InstalledPrograms.Link(layout);
        ShellEnvironment.Write(layout, TokenLabel, pin);
        Screen.Done($"wrote {layout.EnvironmentFile}");
    }

    private static void ShowNext(Layout layout)
    {
        Screen.Line();
        Screen.Heading("Next");
        Screen.Command($". {ShellEnvironment.Quote(layout.EnvironmentFile)}");
        Screen.Command("pkcs11-tool --module \"$STRONGROOM_PKCS11_MODULE\" --login --pin env:STRONGROOM_PIN --list-objects");
        Screen.Command("strongroom status");
        Screen.Command("strongroom stop");
        Screen.Line();
        Screen.Warning("This is a development set-up: the roots, your CA and all passwords lie on this machine, and the HSM unseals itself from a file beside its data.");
    }
}
