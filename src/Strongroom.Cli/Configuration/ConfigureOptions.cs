using System.CommandLine;

namespace Strongroom.Cli.Configuration;

/// <summary>The options of the configure tools, as CloudHSM's have them.</summary>
internal static class ConfigureOptions
{
    public const string UsualCa = "/opt/cloudhsm/etc/customerCA.crt";

    public static readonly Option<string[]> Addresses = new("-a", "--address")
    {
        Description = "addresses of the cluster's HSMs, each HOST or HOST:PORT",
        HelpName = "ADDRESS",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    public static readonly Option<string?> ClusterId = Text("--cluster-id", "the cluster; without -a its addresses are asked of the CloudHSM API", "ID");
    public static readonly Option<string?> Region = Text("--region", "region of the CloudHSM API; else AWS_REGION, AWS_DEFAULT_REGION, us-east-1", "REGION");
    public static readonly Option<string?> Endpoint = Text("--endpoint", "URL of the CloudHSM API; else that of AWS in the region", "URL");
    public static readonly Option<string?> CaFile = Text("--hsm-ca-cert", $"the customer's CA; {UsualCa} for a new cluster", "PATH");
    public static readonly Option<string?> ClientCertificate = Text("--client-cert-hsm-tls-file", "the client's certificate, for clusters that enforce mTLS", "PATH");
    public static readonly Option<string?> ClientKey = Text("--client-key-hsm-tls-file", "the private key of that certificate", "PATH");
    public static readonly Option<string?> LogFile = Text("--log-file", "the log", "PATH");
    public static readonly Option<string?> LogLevel = Choice("--log-level", "how much is logged", "error", "warn", "info", "debug", "trace");
    public static readonly Option<string?> LogType = Choice("--log-type", "where the log goes", "file", "term");
    public static readonly Option<string?> LogRotation = Choice("--log-rotation", "when a new log is begun", "never", "hourly", "daily", "weekly");
    public static readonly Option<string?> RetryMode = Choice("--default-retry-mode", "whether calls that could not be served are tried again", "off", "standard");
    public static readonly Option<string[]> KeyTypes =
        new Option<string[]>("--key-types")
        {
            Description = "the application finds only keys of these types, unless it asks for another: --key-types RSA EC for OpenSSL's engine of libp11 0.4.12, which gives up at a key that it does not know",
            HelpName = "TYPE",
            AllowMultipleArgumentsPerToken = true,
        }.AcceptOnlyFromAmong("ALL", "RSA", "EC", "EC_EDWARDS", "EC_MONTGOMERY", "ML_DSA", "ML_KEM", "AES", "DES3", "GENERIC_SECRET");

    public static readonly Option<string?> File = Text("--config-file", "the file to write; else that of the component's environment variable, else its usual path", "PATH");

    /// <summary>The switches of the component.</summary>
    public static IReadOnlyList<ConfigureSwitch> Switches(Component component) => [.. ConfigureSwitch.All.Where(one => !one.IsPkcs11Only || component == Component.Pkcs11)];

    /// <summary>Everything that describes a cluster.</summary>
    public static IEnumerable<Option> OfCluster(Component component) =>
        [Addresses, ClusterId, Region, Endpoint, CaFile, ClientCertificate, ClientKey, RetryMode, .. component == Component.Pkcs11 ? [KeyTypes] : Array.Empty<Option>(), .. Switches(component).SelectMany(one => one.Options)];

    /// <summary>Everything that describes the component's log.</summary>
    public static IEnumerable<Option> OfLog => [LogFile, LogLevel, LogType, LogRotation];

    private static Option<string?> Text(string name, string description, string helpName) => new(name) { Description = description, HelpName = helpName };

    private static Option<string?> Choice(string name, string description, params string[] values) => new Option<string?>(name) { Description = description, HelpName = string.Join('|', values) }.AcceptOnlyFromAmong(values);
}
