using System.CommandLine;
using System.Text.Json;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Clusters;

/// <summary><c>strongroom cluster</c>: a cluster's life from its birth to its activation. Its users have <see cref="UserCommands"/>.</summary>
internal static class ClusterCommand
{
    public static Option<string?> Cluster { get; } = new("--cluster") { Description = "cluster id; not needed if DIR has one cluster", HelpName = "CLUSTER" };

    private static readonly Option<string> Mode = OneOf("--mode", "fixed for the cluster's life", "NON_FIPS", "FIPS");
    private static readonly Option<string> RootOfTrust = OneOf("--root-of-trust", "what unseals the HSM when it starts: file (development) or passphrase", "file", "passphrase");
    private static readonly Option<string> Zone = new("--zone") { Description = "availability zone of the HSM", HelpName = "ZONE", DefaultValueFactory = _ => "a" };
    private static readonly Option<string?> Ceremony = new("--ceremony") { Description = "folder of the two roots; DIR/ceremony if not given", HelpName = "FOLDER" };
    private static readonly Option<string?> CeremonyPassphrase = new("--ceremony-passphrase-file") { Description = "file whose first line opens the roots' keys", HelpName = "FILE" };
    private static readonly Option<string?> OutFile = new("--out") { Description = "file to write; else standard output", HelpName = "FILE" };
    private static readonly Option<string> OutFolder = new("--out") { Description = "folder to write to", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
    private static readonly Option<string> SignedCert = new("--signed-cert") { Description = "the cluster's certificate, signed by your CA (PEM)", HelpName = "FILE", Required = true };
    private static readonly Option<string> TrustAnchor = new("--trust-anchor") { Description = "your CA's certificates, issuing CA first (PEM)", HelpName = "FILE", Required = true };
    private static readonly Option<string?> CodeFile = new("--code-file") { Description = "file whose first line is the one-time code", HelpName = "FILE" };
    private static readonly Option<string?> PasswordFile = new("--password-file") { Description = "file whose first line is the admin's password from now on", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("cluster", "Create a cluster and bring it to life; manage its users.")
        {
            CommandLineOptions.Command("create", "Create a cluster and its first HSM, certify the HSM, and show the one-time activation code. With --cluster: go on with one that was begun.", "strongroom cluster create --root-of-trust passphrase --ceremony /media/vault/roots", CreateAsync, CommandLineOptions.Directory, Cluster, Mode, RootOfTrust, Zone, Ceremony, CeremonyPassphrase, CommandLineOptions.Json),
            CommandLineOptions.Command("csr", "Print the cluster's certificate request, which your CA signs.", "strongroom cluster csr --out cluster.csr", CsrAsync, CommandLineOptions.Directory, Cluster, OutFile),
            CommandLineOptions.Command("certificates", "Write the cluster's request and the certificates that prove its hardware.", "strongroom cluster certificates --out certificates", CertificatesAsync, CommandLineOptions.Directory, Cluster, OutFolder),
            CommandLineOptions.Command("initialize", "Claim the cluster with a certificate signed by your CA.", "strongroom cluster initialize --signed-cert cluster.crt --trust-anchor customerCA.crt", InitializeAsync, CommandLineOptions.Directory, Cluster, SignedCert, TrustAnchor),
            CommandLineOptions.Command("activate", "Set the first admin's password with the one-time code. Both are asked for, read from files, or from a pipe (code, then password, a line each).", "strongroom cluster activate --code-file activation-code", ActivateAsync, CommandLineOptions.Directory, Cluster, CodeFile, PasswordFile),
            CommandLineOptions.Command("describe", "Show the clusters of DIR and their HSMs.", "strongroom cluster describe --json", DescribeAsync, CommandLineOptions.Directory, Cluster, CommandLineOptions.Json),
        };
        foreach (var users in UserCommands.Create())
        {
            command.Add(users);
        }

        return ExampleHelp.Add(command, "strongroom cluster describe --json");
    }

    private static async Task<int> CreateAsync(ParseResult parsed, CancellationToken cancel)
    {
        var layout = parsed.Layout();
        var clusters = new ClusterControl(layout);
        var steps = new BirthSteps(layout);
        var ceremony = Path.GetFullPath(parsed.GetValue(Ceremony) ?? layout.Ceremony);
        if (!new Strongroom.Server.Ceremony.CeremonyRoots(ceremony).Exist)
        {
            throw new RefusalException($"There are no roots in {ceremony} to certify the HSM with.", $"strongroom ceremony create --out {ShellEnvironment.Quote(ceremony)}");
        }

        var cluster = parsed.GetValue(Cluster) is { } id ? clusters.Find(id) : clusters.Create(parsed.GetValue(Mode)!);
        var hsm = await steps.HsmAsync(cluster, parsed.GetValue(RootOfTrust)!, parsed.GetValue(Zone)!, cancel).ConfigureAwait(false);
        if (await steps.StartAsync(hsm, cancel).ConfigureAwait(false) == "sealed")
        {
            throw new RefusalException(
                $"{hsm.Hsm} of {cluster.Cluster} is made and waits, sealed, for its passphrase.",
                $"strongroom-hsm unseal --state {ShellEnvironment.Quote(layout.Hsm(HsmId.Parse(hsm.Hsm)))}\nthen: strongroom cluster create --dir {ShellEnvironment.Quote(layout.Root)} --cluster {cluster.Cluster}");
        }

        var passphrase = parsed.GetValue(CeremonyPassphrase) is { } file ? SecretInput.Read(file, "") : [];
        await steps.CertifyAsync(hsm, ceremony, passphrase, cancel).ConfigureAwait(false);
        var birth = await clusters.BearAsync(cluster, cancel).ConfigureAwait(false);
        if (parsed.GetValue(CommandLineOptions.Json))
        {
            Screen.Line(JsonSerializer.Serialize(birth, ServerJson.Default.ClusterBirth));
            return 0;
        }

        Screen.Done($"{birth.Cluster} is born in {birth.Hsm}");
        Screen.Line($"Activation code, shown this once: {birth.ActivationCode}");
        Screen.Line("Next, have your CA sign the cluster's request:");
        Screen.Command($"strongroom cluster csr --dir {ShellEnvironment.Quote(layout.Root)} --cluster {birth.Cluster} --out cluster.csr");
        return 0;
    }

    private static async Task<int> CsrAsync(ParseResult parsed, CancellationToken cancel)
    {
        var clusters = new ClusterControl(parsed.Layout());
        var cluster = clusters.Find(parsed.GetValue(Cluster));
        var csr = (await clusters.GetCertificatesAsync(cluster, cancel).ConfigureAwait(false)).ClusterCsr;
        if (csr.Length == 0)
        {
            throw new RefusalException($"{cluster.Cluster} has no certificate request: there is one only between birth and initialisation.");
        }

        if (parsed.GetValue(OutFile) is { } file)
        {
            PrivateFile.Write(Path.GetFullPath(file), csr, PrivateFile.Everyone);
            Screen.Done($"wrote {file}");
        }
        else
        {
            Screen.Line(csr.TrimEnd());
        }

        return 0;
    }

    private static async Task<int> CertificatesAsync(ParseResult parsed, CancellationToken cancel)
    {
        var clusters = new ClusterControl(parsed.Layout());
        var cluster = clusters.Find(parsed.GetValue(Cluster));
        foreach (var path in ClusterFiles.Write(Path.GetFullPath(parsed.GetValue(OutFolder)!), cluster.Cluster, await clusters.GetCertificatesAsync(cluster, cancel).ConfigureAwait(false)))
        {
            Screen.Line(path);
        }

        return 0;
    }

    private static async Task<int> InitializeAsync(ParseResult parsed, CancellationToken cancel)
    {
        var clusters = new ClusterControl(parsed.Layout());
        var cluster = clusters.Find(parsed.GetValue(Cluster));
        await clusters.InitializeAsync(cluster, ReadPem(parsed.GetValue(SignedCert)!), ReadPem(parsed.GetValue(TrustAnchor)!), cancel).ConfigureAwait(false);
        Screen.Done($"{cluster.Cluster} is initialised");
        Screen.Line($"Next: strongroom cluster activate --cluster {cluster.Cluster}");
        return 0;
    }

    private static async Task<int> ActivateAsync(ParseResult parsed, CancellationToken cancel)
    {
        var clusters = new ClusterControl(parsed.Layout());
        var cluster = clusters.Find(parsed.GetValue(Cluster));
        var code = SecretInput.Read(parsed.GetValue(CodeFile), "One-time activation code");
        var password = SecretInput.Read(parsed.GetValue(PasswordFile), "New password of admin", confirm: true);
        await clusters.ActivateAsync(cluster, code, password, cancel).ConfigureAwait(false);
        Screen.Done($"{cluster.Cluster} is active; its admin is called admin");
        Screen.Line($"Next: strongroom cluster create-user --cluster {cluster.Cluster} --name app --role crypto-user");
        return 0;
    }

    private static async Task<int> DescribeAsync(ParseResult parsed, CancellationToken cancel)
    {
        var layout = parsed.Layout();
        var clusters = new ClusterControl(layout);
        ClusterRecord[] asked = parsed.GetValue(Cluster) is { } id ? [clusters.Find(id)] : DeploymentFile.Read(layout).Clusters;
        var descriptions = await Task.WhenAll(asked.Select(cluster => clusters.DescribeAsync(cluster, cancel))).ConfigureAwait(false);
        if (parsed.GetValue(CommandLineOptions.Json))
        {
            Screen.Line(JsonSerializer.Serialize(descriptions, ServerJson.Default.ClusterDescriptionArray));
            return 0;
        }

        Screen.Table(
            ["cluster", "state", "mode", "created", "HSM", "HSM state", "address", "zone", "cause"],
            [.. descriptions.SelectMany(cluster => cluster.Hsms.DefaultIfEmpty(new HsmDescription("-", "-", "", "-", "-")), Row)]);
        return 0;
    }

    private static Cell[] Row(ClusterDescription cluster, HsmDescription hsm) =>
    [
        cluster.Cluster,
        new Cell(cluster.State, cluster.State switch { "ACTIVE" => Tone.Good, "DEGRADED" => Tone.Bad, _ => Tone.Waiting }),
        cluster.Mode,
        cluster.Created.ToString("u", System.Globalization.CultureInfo.InvariantCulture),
        hsm.Hsm,
        hsm.State,
        hsm.Address,
        hsm.Zone,
        hsm.Cause,
    ];

    private static string ReadPem(string file)
    {
        const long LongestPem = 20_000;
        if (!File.Exists(file))
        {
            throw new RefusalException($"{file} does not exist.");
        }

        return new FileInfo(file).Length <= LongestPem ? File.ReadAllText(file) : throw new RefusalException($"{file} is longer than {LongestPem} bytes.");
    }

    private static Option<string> OneOf(string name, string description, string usual, string other)
    {
        var option = new Option<string>(name) { Description = description, HelpName = $"{usual}|{other}", DefaultValueFactory = _ => usual };
        return option.AcceptOnlyFromAmong(usual, other);
    }
}
