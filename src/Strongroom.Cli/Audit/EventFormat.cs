using System.CommandLine;
using Strongroom.Audit;
using Strongroom.Audit.Exports;

namespace Strongroom.Cli.Audit;

/// <summary>The text forms of events.</summary>
internal static class EventFormat
{
    public const string JsonLinesName = "json";
    public const string AwsName = "aws";

    /// <summary>How one event is written.</summary>
    /// <param name="name">json or aws.</param>
    public static Action<TextWriter, AuditEntry> Writer(string name) => name == AwsName ? AwsText.Write : static (to, entry) => to.WriteLine(JsonLines.ToText(entry));

    /// <summary>The option that picks one.</summary>
    public static Option<string> Option(string description) =>
        new Option<string>("--format") { Description = description, HelpName = "FORMAT", DefaultValueFactory = _ => JsonLinesName }.AcceptOnlyFromAmong(JsonLinesName, AwsName);
}
