using System.CommandLine;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Crypto;
using Strongroom.Cli.Shell;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>
/// key export: a key for use elsewhere, encrypted under a key of the cluster or under the public RSA key of whoever shall have it. Private keys go as PKCS#8, secret keys as their bytes:
/// under RSA by CKM_RSA_AES_KEY_WRAP (PKCS#11 3.2, 6.1.22: an AES-256 key under OAEP, then RFC 5649), as cloud providers take imports; under AES by RFC 5649.
/// The HSM lets out what `key wrap` would let out and nothing else.
/// </summary>
internal static class ExportKeyCommand
{
    private static readonly Option<string[]> Filter = CommonOptions.Filter();
    private static readonly Option<string[]> Wrapping = CommonOptions.Filter("--wrapping-filter", required: false);
    private static readonly Option<string?> Recipient = new("--recipient") { Description = "the RSA public key of who shall have the key, PEM", HelpName = "PATH" };
    private static readonly Option<string> Path = CommonOptions.Path("the file for the wrapped key");
    private static readonly Option<string> Hash =
        new Option<string>("--hash-function") { Description = "the hash of OAEP and its mask", HelpName = "HASH", DefaultValueFactory = _ => "sha256" }.AcceptOnlyFromAmong([.. HashFunction.All.Select(hash => hash.Name)]);

    public static Command Create(CommandShell shell) => shell.Define(
        "export", "Export a key, wrapped for somebody. Example: key export --filter attr.label=data --recipient their-public.pem --path data.wrapped", RunAsync, Filter, Wrapping, Recipient, Path, Hash);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var filter = KeyFilter.Parse(call.Need(Filter));
        var wrappingTerms = call.Get(Wrapping) is { Length: > 0 } terms ? terms : null;
        var recipient = call.Get(Recipient);
        if (wrappingTerms is null == recipient is null)
        {
            throw new CommandRefusedException($"Give either {Recipient.Name} or {Wrapping.Name}");
        }

        var components = recipient is null ? null : PublicKeyFile.Read(recipient, type => type == KeyKind.Rsa.Number, "RSA public");
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        var wrapping = components is null
            ? await KeyFilter.Parse(wrappingTerms!).FindOneAsync(session, call.Cancel).ConfigureAwait(false)
            : await session.CreateObjectAsync(Temporary(components), call.Cancel).ConfigureAwait(false);
        try
        {
            var (name, mechanism) = await ChooseAsync(session, wrapping, HashFunction.Named(call.Need(Hash)), call.Cancel).ConfigureAwait(false);
            var reply = await session.WrapKeyAsync(mechanism, wrapping, key, call.Cancel).ConfigureAwait(false);
            await File.WriteAllBytesAsync(call.Need(Path), reply.Wrapped, call.Cancel).ConfigureAwait(false);
            return new JsonObject { ["key-reference"] = KeyReference.Text(key), ["method"] = name, ["path"] = call.Need(Path), ["message"] = "Key exported successfully" };
        }
        finally
        {
            if (components is not null)
            {
                await session.DestroyObjectAsync(wrapping, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static async Task<(string Name, WireMechanism Mechanism)> ChooseAsync(HsmSession session, ulong wrapping, HashFunction hash, CancellationToken cancel)
    {
        var read = await session.GetAttributesAsync(wrapping, [Cka.KeyType], cancel).ConfigureAwait(false);
        var type = AttributeValue.ReadNumber((read[0].Value ?? default).Span);
        return type == KeyKind.Rsa.Number ? ("rsa-aes", Mechanisms.RsaAes(hash.Mechanism, hash.Mgf))
            : type == KeyKind.Aes.Number ? ("aes-zero-pad", Mechanisms.Plain(Mechanisms.AesKeyWrapKwp))
            : throw new CommandRefusedException("The wrapping key is neither AES nor RSA");
    }

    private static WireAttribute[] Temporary(WireAttribute[] components) =>
        new AttributeList().Set(Cka.Class, KeyClass.Public.Number).Set(Cka.Token, false).Set(Cka.Wrap, true).Set(components).ToArray();
}
