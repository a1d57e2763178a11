using System.CommandLine;
using System.Globalization;
using Strongroom.Audit;
using Strongroom.Audit.Exports;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Audit;

/// <summary>The options by which events are picked; all that are given must hold.</summary>
internal static class FilterOptions
{
    private static readonly Option<string?> User = new("--user") { Description = "who acted, or whom it was about", HelpName = "USERNAME" };
    private static readonly Option<string?> Key = new("--key") { Description = "a key reference or handle, used or made", HelpName = "KEY" };
    private static readonly Option<string?> Operation = new("--operation") { Description = "what was done, as the answer names it: Sign, Login, GenerateKeyPair …", HelpName = "OPERATION" };
    private static readonly Option<string?> Result = new("--result") { Description = "a return code: CKR_PIN_INCORRECT, or its number", HelpName = "CKR" };
    private static readonly Option<bool> Failures = new("--failures") { Description = "only what was refused" };
    private static readonly Option<string?> Since = new("--since") { Description = "from this time on, e.g. 2026-11-24T09:00:00Z, or so long ago: 90s, 15m, 24h, 7d", HelpName = "TIME" };
    private static readonly Option<string?> Until = new("--until") { Description = "before this time, in the same forms", HelpName = "TIME" };

    public static Option[] All => [User, Key, Operation, Result, Failures, Since, Until];

    /// <exception cref="CommandRefusedException">An option's value is none.</exception>
    public static EntryFilter Read(Call call) => new(
        call.Get(User)?.ToLowerInvariant(),
        call.Get(Key) is { } key ? Number("--key", key) : null,
        call.Get(Operation) is { } operation ? OperationOf(operation) : null,
        call.Get(Result) is { } result ? StandardNames.ResultOf(result) ?? (uint)Number("--result", result) : null,
        call.Get(Failures),
        call.Get(Since) is { } since ? Time("--since", since) : null,
        call.Get(Until) is { } until ? Time("--until", until) : null);

    private static AuditOperation OperationOf(string name) =>
        Enum.TryParse<AuditOperation>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var operation) && Enum.IsDefined(operation) && operation != AuditOperation.None
            ? operation
            : throw new CommandRefusedException($"--operation: there is no operation {name}. There are: {string.Join(", ", Enum.GetNames<AuditOperation>().Skip(1))}");

    private static ulong Number(string option, string text)
    {
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(isHex ? text.AsSpan(2) : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new CommandRefusedException($"{option}: {text} is neither a number nor a name that stands for one");
    }

    private static DateTimeOffset Time(string option, string text)
    {
        if (text.Length > 1 && Unit(text[^1]) is { } unit && int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return DateTimeOffset.UtcNow - (count * unit);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new CommandRefusedException($"{option}: {text} is no time; write 2026-11-24T09:00:00Z or, for so long ago, 90s, 15m, 24h or 7d");
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => null,
    };
}
