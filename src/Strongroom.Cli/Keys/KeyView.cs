using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>A key as commands print it: reference, key-info, attributes.</summary>
internal static class KeyView
{
    // Requests under way at once on the one connection.
    private const int Batch = 128;

    /// <summary>What has to be read of a key to print the whole of it.</summary>
    public static ulong[] Types { get; } = [.. KeyAttribute.All.Select(attribute => attribute.Type)];

    /// <summary>What has to be read of a key to print it in short.</summary>
    public static ulong[] BriefTypes { get; } = [Cka.Label];

    /// <summary>The whole key.</summary>
    public static async Task<JsonObject> ReadAsync(HsmSession session, ulong handle, CancellationToken cancel)
    {
        var attributes = session.GetAttributesAsync(handle, Types, cancel);
        return await WholeAsync(session, new WireFoundKey(handle, await attributes.ConfigureAwait(false)), cancel).ConfigureAwait(false);
    }

    /// <summary>Whole keys, of which <see cref="Types"/> were read.</summary>
    public static async Task<IReadOnlyList<JsonObject>> WholeAsync(HsmSession session, IReadOnlyList<WireFoundKey> keys, CancellationToken cancel)
    {
        var whole = new List<JsonObject>(keys.Count);
        foreach (var batch in keys.Chunk(Batch))
        {
            whole.AddRange(await Task.WhenAll(batch.Select(key => WholeAsync(session, key, cancel))).ConfigureAwait(false));
        }

        return whole;
    }

    private static async Task<JsonObject> WholeAsync(HsmSession session, WireFoundKey key, CancellationToken cancel)
    {
        var info = await session.Client.GetKeyInfoAsync(key.Handle, cancel).ConfigureAwait(false);
        var values = key.Attributes.Where(result => result.Value is not null || result.Nested is not null).ToDictionary(result => result.Type);
        return new JsonObject
        {
            ["key-reference"] = KeyReference.Text(key.Handle),
            ["key-info"] = Info(info, values),
            ["attributes"] = Attributes(values),
        };
    }

    /// <summary>Reference and label only, as `key list` prints without --verbose.</summary>
    public static JsonObject Brief(ulong handle, WireAttributeResult[] results) => new()
    {
        ["key-reference"] = KeyReference.Text(handle),
        ["attributes"] = new JsonObject { ["label"] = results is [{ Value: { } label }] ? System.Text.Encoding.UTF8.GetString(label.Span) : "" },
    };

    /// <summary>PKCS#11 gives a public key no sensitive, extractable and the like; CloudHSM prints them for every key, so.</summary>
    public static bool OfAbsent(KeyAttribute flag) => flag.Type == Cka.Extractable;

    private static JsonObject Info(in GetKeyInfoReply info, Dictionary<ulong, WireAttributeResult> values) => new()
    {
        ["key-owners"] = new JsonArray(User(info.Owner)),
        ["shared-users"] = new JsonArray([.. info.SharedWith.Select(user => User(user.Name))]),
        ["key-quorum-values"] = new JsonObject { ["manage-key-quorum-value"] = info.ManageQuorum, ["use-key-quorum-value"] = info.UseQuorum },
        ["cluster-coverage"] = values.TryGetValue(Cka.Token, out var token) && (token.Value ?? default).Span is [not 0] ? "full" : "session",
    };

    // All HSMs of a cluster hold the same keys and shares, so the coverage is never partial.
    private static JsonObject User(string name) => new() { ["username"] = name, ["key-coverage"] = "full" };

    private static JsonObject Attributes(Dictionary<ulong, WireAttributeResult> values)
    {
        var json = new JsonObject();
        foreach (var attribute in KeyAttribute.All)
        {
            if (Print(attribute, values) is { } printed)
            {
                json[attribute.Name] = printed;
            }
        }

        return json;
    }

    private static JsonNode? Print(KeyAttribute attribute, Dictionary<ulong, WireAttributeResult> values)
    {
        if (values.TryGetValue(attribute.Type, out var result))
        {
            return result.Nested is { } members ? AttributeValue.PrintTemplate(members)
                : attribute.MayBeAbsent && result.Value!.Value.IsEmpty ? null
                : AttributeValue.Print(attribute, result.Value!.Value.Span);
        }

        return attribute.Type switch
        {
            Cka.Label => "",
            Cka.Id => "0x",
            Cka.ValueLen => KeyLength.Of(type => values.TryGetValue(type, out var value) ? value.Value ?? default : default),
            _ when attribute.Form == AttributeForm.Flag => OfAbsent(attribute),
            _ => null,
        };
    }
}
