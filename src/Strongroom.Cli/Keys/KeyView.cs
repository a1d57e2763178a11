using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>A key as commands print it: reference, key-info, attributes.</summary>
internal static class KeyView
{
    private static readonly ulong[] Types = [.. KeyAttribute.All.Select(attribute => attribute.Type)];

    /// <summary>The whole key.</summary>
    public static async Task<JsonObject> ReadAsync(HsmSession session, ulong handle, CancellationToken cancel)
    {
        var information = session.Client.GetKeyInfoAsync(handle, cancel);
        var results = await session.GetAttributesAsync(handle, Types, cancel).ConfigureAwait(false);
        var info = await information.ConfigureAwait(false);
        var values = results.Where(result => result.Value is not null).ToDictionary(result => result.Type, result => result.Value!.Value);
        return new JsonObject
        {
            ["key-reference"] = KeyReference.Text(handle),
            ["key-info"] = Info(info, values),
            ["attributes"] = Attributes(values),
        };
    }

    /// <summary>Reference and label only, as `key list` prints without --verbose.</summary>
    public static async Task<JsonObject> ReadBriefAsync(HsmSession session, ulong handle, CancellationToken cancel)
    {
        var results = await session.GetAttributesAsync(handle, [Cka.Label], cancel).ConfigureAwait(false);
        return new JsonObject
        {
            ["key-reference"] = KeyReference.Text(handle),
            ["attributes"] = new JsonObject { ["label"] = Label(results) },
        };
    }

    private static string Label(WireAttributeResult[] results) => results is [{ Value: { } label }] ? System.Text.Encoding.UTF8.GetString(label.Span) : "";

    private static JsonObject Info(in GetKeyInfoReply info, Dictionary<ulong, ReadOnlyMemory<byte>> values) => new()
    {
        ["key-owners"] = new JsonArray(User(info.Owner)),
        ["shared-users"] = new JsonArray([.. info.SharedWith.Select(user => User(user.Name))]),
        ["key-quorum-values"] = new JsonObject { ["manage-key-quorum-value"] = info.ManageQuorum, ["use-key-quorum-value"] = info.UseQuorum },
        ["cluster-coverage"] = values.TryGetValue(Cka.Token, out var token) && token.Span is [not 0] ? "full" : "session",
    };

    // All HSMs of a cluster hold the same keys and shares, so the coverage is never partial.
    private static JsonObject User(string name) => new() { ["username"] = name, ["key-coverage"] = "full" };

    private static JsonObject Attributes(Dictionary<ulong, ReadOnlyMemory<byte>> values)
    {
        var json = new JsonObject();
        foreach (var attribute in KeyAttribute.All)
        {
            if (values.TryGetValue(attribute.Type, out var value))
            {
                json[attribute.Name] = AttributeValue.Print(attribute, value.Span);
            }
            else if (attribute.Form == AttributeForm.Flag)
            {
                // PKCS#11 gives a public key no sensitive, extractable and the like; CloudHSM prints them for every key.
                json[attribute.Name] = attribute.Type == Cka.Extractable;
            }
            else if (attribute.Type is Cka.Label or Cka.Id)
            {
                json[attribute.Name] = attribute.Type == Cka.Label ? "" : "0x";
            }
        }

        return json;
    }
}
