using System.CommandLine;

namespace Strongroom.Cli.Shell;

/// <summary>Options that many commands share. A method makes one anew, since its help differs; a property is the same everywhere.</summary>
internal static class CommonOptions
{
    public const string Json = "json";
    public const string Table = "table";
    public const string AdminRole = "admin";
    public const string CryptoUserRole = "crypto-user";

    public static Option<string?> ClusterId { get; } = new("--cluster-id") { Description = "the cluster, if several are configured", HelpName = "ID", Recursive = true };

    public static Option<string> Output { get; } =
        new Option<string>("--output") { Description = "json, or a table for people", HelpName = "FORM", Recursive = true, DefaultValueFactory = _ => Json }.AcceptOnlyFromAmong(Json, Table);

    public static Option<string> Username() => new("--username") { Description = "the user's name", HelpName = "USERNAME", Required = true };

    public static Option<string> Role() =>
        new Option<string>("--role") { Description = "the user's role", HelpName = "ROLE", Required = true }.AcceptOnlyFromAmong(AdminRole, CryptoUserRole);

    public static Option<string?> Password(string description = "the password; asked for if absent") => new("--password") { Description = description, HelpName = "PASSWORD" };

    /// <summary>A key filter: one key-reference, or attributes that must all match.</summary>
    public static Option<string[]> Filter(string name = "--filter", bool required = true) =>
        Several(name, "key-reference=0x… or attr.NAME=VALUE; several must all match", "FILTER", required);

    /// <summary>A list of NAME=VALUE for a new key.</summary>
    public static Option<string[]> Attributes(string name = "--attributes") => Several(name, "attributes of the new key, NAME=VALUE", "ATTRIBUTE", required: false);

    /// <summary>An option that takes the words up to the next option.</summary>
    public static Option<string[]> Several(string name, string description, string helpName, bool required) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Required = required,
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>A path in the file system.</summary>
    public static Option<string> Path(string description) => new("--path") { Description = description, HelpName = "PATH", Required = true };
}
