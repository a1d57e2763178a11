using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Strongroom.Audit;
using Strongroom.Audit.Verification;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Audit;

/// <summary>audit verify: checks an export or a copy of a log, offline. A log that is not intact is a refusal, with the findings as its words.</summary>
internal static class VerifyLogCommand
{
    private const string LiveAnchor = "live";

    private static readonly Option<string> Directory = CommonOptions.Path("the folder of the export, or of a log");
    private static readonly Option<string?> Certificate = new("--certificate") { Description = "the HSM's identity certificates, PEM; hsm.crt of the folder if absent. Give your own copy to be sure whose log it is", HelpName = "FILE" };
    private static readonly Option<string[]> Anchor = CommonOptions.Several(
        "--anchor", "a head known from elsewhere: a file (end.json of an earlier export, a forwarded head), or 'live' to ask the HSM how far its log goes", "ANCHOR", required: false);

    public static Command Create(CommandShell shell) => shell.Define(
        "verify", "Verify an export of the log offline. Example: audit verify --path export --anchor earlier/end.json", RunAsync, Directory, Certificate, Anchor);

    /// <summary>Verifies, and says what was found as an answer or a refusal.</summary>
    public static JsonObject Verify(string directory, string certificateFile, IReadOnlyList<AuditHead> anchors)
    {
        var certificates = LogCertificates.Read(certificateFile);
        var report = LogVerifier.Verify(directory, certificates, anchors);
        return report.IsIntact ? Describe(report, LogCertificates.KeySha256(certificates[0])) : throw new CommandRefusedException(report.ToString());
    }

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var directory = call.Need(Directory);
        if (!System.IO.Directory.Exists(directory))
        {
            throw new CommandRefusedException($"{directory}: there is no such folder");
        }

        var named = call.Get(Anchor) ?? [];
        var anchors = named.Where(anchor => anchor != LiveAnchor).Select(Read).ToList();
        var end = Path.Combine(directory, LogFiles.End);
        if (File.Exists(end))
        {
            anchors.Add(Read(end));
        }

        var certificate = call.Get(Certificate) ?? Path.Combine(directory, LogFiles.Certificates);
        var answer = Verify(directory, certificate, anchors);
        return named.Contains(LiveAnchor) ? await CompareAsync(call, answer, head => Verify(directory, certificate, [.. anchors, head])).ConfigureAwait(false) : answer;
    }

    // The live log always goes on: this very login is in it. What is missing here is counted; a live log that is shorter must be the same one.
    private static async Task<JsonObject> CompareAsync(Call call, JsonObject answer, Func<AuditHead, JsonObject> verify)
    {
        var link = await call.LoggedInAsync().ConfigureAwait(false);
        var live = AuditHead.FromJson((await new AuditSource(link.Client).ListAsync(call.Cancel).ConfigureAwait(false)).Head);
        var last = answer["last_event"]!.GetValue<ulong>();
        answer = live.Sequence > last ? answer : verify(live);
        answer["behind_live"] = live.Sequence - Math.Min(last, live.Sequence);
        return answer;
    }

    private static AuditHead Read(string path)
    {
        try
        {
            return AuditHead.FromJson(File.ReadAllText(path));
        }
        catch (AuditFormatException e)
        {
            throw new CommandRefusedException($"{path}: {e.Message}", e);
        }
    }

    private static JsonObject Describe(VerificationReport report, string keySha256) => new()
    {
        ["intact"] = true,
        ["complete_up_to"] = report.CompleteUpTo?.Sequence,
        ["signed_at"] = report.CompleteUpTo?.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
        ["cluster"] = report.CompleteUpTo?.Cluster,
        ["hsm"] = report.CompleteUpTo?.Hsm,
        ["hsm_key_sha256"] = keySha256,
        ["last_event"] = report.LastSequence,
        ["notes"] = new JsonArray([.. report.Notes.Select(note => JsonValue.Create(note))]),
    };
}
