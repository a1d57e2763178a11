using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Keys;

/// <summary>key wrap: a key, encrypted under another, for use elsewhere or later. By the key's owner.</summary>
internal static class WrapCommand
{
    private static readonly Option<string[]> Payload = CommonOptions.Filter("--payload-filter");
    private static readonly Option<string[]> Wrapping = CommonOptions.Filter("--wrapping-filter");
    private static readonly Option<string?> Path = new("--path") { Description = "the file for the wrapped key; else it is in the answer, base64", HelpName = "PATH" };

    private static readonly Option<string?> WrappingApproval = Approval.Named("--wrapping-approval", "the wrapping key");
    private static readonly Option<string?> PayloadApproval = Approval.Named("--payload-approval", "the payload key");

    public static IEnumerable<Command> CreateAll(CommandShell shell) => WrapMethod.All.Select(method =>
        shell.Define(method.Name, method.Description, call => RunAsync(call, method), [Payload, Wrapping, Path, WrappingApproval, PayloadApproval, .. method.Options]));

    private static async Task<JsonNode> RunAsync(Call call, WrapMethod method)
    {
        var (payloadFilter, wrappingFilter, mechanism) = (KeyFilter.Parse(call.Need(Payload)), KeyFilter.Parse(call.Need(Wrapping)), method.Mechanism(call));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var payload = await payloadFilter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        var wrapping = await wrappingFilter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        await Approval.ShowAsync(call, cluster, WrappingApproval).ConfigureAwait(false);
        await Approval.ShowAsync(call, cluster, PayloadApproval).ConfigureAwait(false);
        var reply = await session.WrapKeyAsync(mechanism, wrapping, payload, call.Cancel).ConfigureAwait(false);
        var (iv, wrapped) = method.Part(reply.Wrapped.ToArray());
        string Name(string words) => words.Replace(' ', method.Separator);
        var answer = new JsonObject { [Name("payload key reference")] = KeyReference.Text(payload), [Name("wrapping key reference")] = KeyReference.Text(wrapping) };
        if (iv is not null)
        {
            answer["iv"] = AttributeValue.Hex(iv);
        }

        if (call.Get(Path) is { } path)
        {
            await File.WriteAllBytesAsync(path, wrapped, call.Cancel).ConfigureAwait(false);
            answer["path"] = path;
        }
        else
        {
            answer[Name("wrapped key data")] = Convert.ToBase64String(wrapped);
        }

        return answer;
    }
}
