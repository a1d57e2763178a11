using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Crypto;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Shell;
using Strongroom.Client;

namespace Strongroom.Cli.Keys;

/// <summary>key unwrap: a wrapped key becomes a key of the cluster; its `local` is false.</summary>
internal static class UnwrapCommand
{
    private const ulong WrappedKeyInvalid = 0x110;

    private static readonly Dictionary<string, (KeyClass Class, KeyKind Kind)> Classes = new()
    {
        ["aes"] = (KeyClass.Secret, KeyKind.Aes),
        ["des3"] = (KeyClass.Secret, KeyKind.Des3),
        ["ec-private"] = (KeyClass.Private, KeyKind.Ec),
        ["generic-secret"] = (KeyClass.Secret, KeyKind.GenericSecret),
        ["rsa-private"] = (KeyClass.Private, KeyKind.Rsa),
    };

    private static readonly Option<string[]> Filter = CommonOptions.Filter();
    private static readonly BinaryInput Data = new("--data", "the wrapped key");
    private static readonly Option<string> KeyTypeClass =
        new Option<string>("--key-type-class") { Description = "what the wrapped key is", HelpName = "CLASS", Required = true }.AcceptOnlyFromAmong([.. Classes.Keys]);

    private static readonly Option<string> Label = NewKey.Label();
    private static readonly Option<string[]> Attributes = CommonOptions.Attributes();

    public static IEnumerable<Command> CreateAll(CommandShell shell) => WrapMethod.All.Select(method =>
        shell.Define(method.Name, method.Description, call => RunAsync(call, method), [Filter, .. Data.Options, KeyTypeClass, Label, NewKey.Session, Attributes, .. NewKey.TermsOptions(), Approval.Option, .. method.UnwrapOptions]));

    private static async Task<JsonNode> RunAsync(Call call, WrapMethod method)
    {
        var filter = KeyFilter.Parse(call.Need(Filter));
        var (keyClass, kind) = Classes[call.Need(KeyTypeClass)];
        var (label, isSession) = (call.Need(Label), call.Get(NewKey.Session));
        var given = new AttributeList().Set(call.Get(Attributes) ?? []).ToArray();
        var defaults = keyClass == KeyClass.Private ? NewKey.Private(label, isSession) : NewKey.Secret(label, isSession);
        var (mechanism, wrapped) = (method.Mechanism(call), method.Join(call, Data.Read(call)));
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var unwrapping = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        foreach (var type in await PrescribedAsync(session, unwrapping, call.Cancel).ConfigureAwait(false))
        {
            defaults.Remove(type);
        }

        var template = defaults.Set(Cka.Class, keyClass.Number).Set(given);
        await Approval.ShowAsync(call, cluster).ConfigureAwait(false);
        var key = await UnwrapAsync(kind.Numbers, number => session.UnwrapKeyAsync(mechanism, unwrapping, wrapped, template.Set(Cka.KeyType, number).ToArray(), NewKey.Terms(call), call.Cancel)).ConfigureAwait(false);
        return new JsonObject { ["key"] = await KeyView.ReadAsync(session, key, call.Cancel).ConfigureAwait(false) };
    }

    // Of several types under one name, the wrapped key tells which it is by being refused as another.
    private static async Task<ulong> UnwrapAsync(ulong[] numbers, Func<ulong, Task<ulong>> unwrap)
    {
        foreach (var number in numbers[..^1])
        {
            try
            {
                return await unwrap(number).ConfigureAwait(false);
            }
            catch (HsmRefusedException e) when (e.Rv == WrappedKeyInvalid)
            {
            }
        }

        return await unwrap(numbers[^1]).ConfigureAwait(false);
    }

    // What the unwrapping key's template prescribes is no longer this program's to choose; only what the user says against it is refused.
    private static async Task<IEnumerable<ulong>> PrescribedAsync(HsmSession session, ulong unwrapping, CancellationToken cancel) =>
        await session.GetAttributesAsync(unwrapping, [Cka.UnwrapTemplate], cancel).ConfigureAwait(false) is [{ Nested: { } members }] ? members.Select(member => member.Type) : [];
}
