using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Audit;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Audit;

/// <summary>
/// audit export: copies the log as it is into a folder, with the HSM's certificates and its signed end, and verifies the copy. A folder with an earlier export is brought up to date; that export's end is then an anchor.
/// </summary>
internal static class ExportLogCommand
{
    private const string None = "none";

    private static readonly Option<string> Directory = CommonOptions.Path("the folder; made if missing");
    private static readonly Option<string> Text = new Option<string>("--text") { Description = "also write all events as text: events.jsonl, or HSM-ID.log in CloudHSM's format", HelpName = "FORMAT", DefaultValueFactory = _ => None }
        .AcceptOnlyFromAmong(None, EventFormat.JsonLinesName, EventFormat.AwsName);

    public static Command Create(CommandShell shell) => shell.Define(
        "export", "Copy the log into a folder, where it can be verified offline. Example: audit export --path export", RunAsync, Directory, Text);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var (directory, text) = (call.Need(Directory), call.Need(Text));
        var link = await call.LoggedInAsync().ConfigureAwait(false);
        var source = new AuditSource(link.Client);
        var listed = await source.ListAsync(call.Cancel).ConfigureAwait(false);
        System.IO.Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var newest = AuditHead.FromJson(listed.Head);
        var before = Earlier(directory, newest);

        foreach (var segment in listed.Segments.Where(s => !IsThere(directory, s)))
        {
            await CopyAsync(source, segment, directory, call.Cancel).ConfigureAwait(false);
        }

        // Certificates of an earlier export stay: another HSM behind this address could not pass for the first.
        var certificates = Path.Combine(directory, LogFiles.Certificates);
        if (!File.Exists(certificates))
        {
            await WriteAsync(certificates, to => to.WriteAsync(listed.Certificates)).ConfigureAwait(false);
        }

        await WriteAsync(Path.Combine(directory, LogFiles.End), to => to.WriteLineAsync(listed.Head)).ConfigureAwait(false);
        var answer = VerifyLogCommand.Verify(directory, certificates, before is null ? [newest] : [newest, before]);
        if (text != None)
        {
            answer["text"] = await WriteTextAsync(directory, text, newest.Hsm).ConfigureAwait(false);
        }

        answer["path"] = directory;
        return answer;
    }

    private static AuditHead? Earlier(string directory, AuditHead newest)
    {
        var end = Path.Combine(directory, LogFiles.End);
        if (!File.Exists(end))
        {
            return LogFiles.Segments(directory).Count == 0 ? null : throw new CommandRefusedException($"{directory}: there are segments of a log, but no {LogFiles.End}; this is no export");
        }

        var before = AuditHead.FromJson(File.ReadAllText(end));
        return (before.Cluster, before.Hsm) == (newest.Cluster, newest.Hsm) ? before : throw new CommandRefusedException($"{directory}: there is an export of {before.Hsm} of {before.Cluster} in it");
    }

    // What is finished does not change any more but by compression, which the earlier copy need not follow.
    private static bool IsThere(string directory, WireAuditSegment segment) =>
        segment.Finished && (File.Exists(PathOf(directory, segment, compressed: true))
            || (!segment.Compressed && new FileInfo(PathOf(directory, segment, compressed: false)) is { Exists: true } plain && (ulong)plain.Length == segment.Bytes));

    private static async Task CopyAsync(AuditSource source, WireAuditSegment segment, string directory, CancellationToken cancel)
    {
        var temporary = PathOf(directory, segment, compressed: false) + ".tmp";
        bool compressed;
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
        {
            compressed = await source.CopyAsync(segment, file, cancel).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, PathOf(directory, segment, compressed), overwrite: true);
        if (compressed)
        {
            File.Delete(PathOf(directory, segment, compressed: false));
        }
    }

    private static async Task<string> WriteTextAsync(string directory, string format, string hsm)
    {
        var path = Path.Combine(directory, format == EventFormat.AwsName ? hsm + ".log" : "events.jsonl");
        var write = EventFormat.Writer(format);
        await WriteAsync(path, to =>
        {
            foreach (var entry in SegmentEntries.Of(directory))
            {
                write(to, entry);
            }

            return Task.CompletedTask;
        }).ConfigureAwait(false);
        return path;
    }

    private static async Task WriteAsync(string path, Func<TextWriter, Task> write)
    {
        using (var to = new StreamWriter(path + ".tmp"))
        {
            await write(to).ConfigureAwait(false);
        }

        File.Move(path + ".tmp", path, overwrite: true);
    }

    private static string PathOf(string directory, WireAuditSegment segment, bool compressed) => Path.Combine(directory, LogFiles.NameOf((uint)segment.Number, compressed));
}
