using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Keys;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Shell;
using Strongroom.Client;

namespace Strongroom.Cli.Importing;

/// <summary>key import pkcs8, pkcs12, jwk and raw: private and secret keys from files. AWS's tool imports public keys alone.</summary>
internal static class ImportKeyCommands
{
    private static readonly Dictionary<string, KeyKind> SecretClasses = new() { ["aes"] = KeyKind.Aes, ["des3"] = KeyKind.Des3, ["generic-secret"] = KeyKind.GenericSecret };

    private static readonly Option<string> Path = CommonOptions.Path("the file");
    private static readonly Option<string> Label = NewKey.Label();
    private static readonly Option<string?> PublicLabel = new("--public-label") { Description = "store the public half too, under this label", HelpName = "LABEL" };
    private static readonly Option<string?> Passphrase = new("--passphrase") { Description = "of an encrypted file; asked for if absent", HelpName = "PASSPHRASE" };
    private static readonly Option<string[]> Attributes = CommonOptions.Attributes();
    private static readonly Option<string[]> PublicAttributes = CommonOptions.Attributes("--public-attributes");
    private static readonly Option<string> SecretClass =
        new Option<string>("--key-type-class") { Description = "what the bytes are", HelpName = "CLASS", Required = true }.AcceptOnlyFromAmong([.. SecretClasses.Keys]);

    private static readonly Option<string> OctClass =
        new Option<string>("--key-type-class") { Description = "what an oct key is", HelpName = "CLASS", DefaultValueFactory = _ => "generic-secret" }.AcceptOnlyFromAmong([.. SecretClasses.Keys]);

    public static IEnumerable<Command> CreateAll(CommandShell shell)
    {
        Option[] common = [Path, Label, PublicLabel, NewKey.Session, Attributes, PublicAttributes];
        yield return Define(shell, "pkcs8", "Import a private key from PKCS#8, PEM or DER, also encrypted. Example: key import pkcs8 --path key.pem --label web --attributes sign=true", Pkcs8Key, [.. common, Passphrase]);
        yield return Define(shell, "pkcs12", "Import the private key of a PKCS#12 file", Pkcs12Key, [.. common, Passphrase]);
        yield return Define(shell, "jwk", "Import a private or secret JSON Web Key", JwkKey, [.. common, OctClass]);
        yield return Define(shell, "raw", "Import a secret key whose bytes are the file. Example: key import raw --path key.bin --label data --key-type-class aes", RawKey, Path, Label, NewKey.Session, Attributes, SecretClass);
    }

    private static Command Define(CommandShell shell, string name, string description, Func<Call, string, byte[], ClearKey> read, params Option[] options) =>
        shell.Define(name, description, call => RunAsync(call, read), options);

    private static ClearKey Pkcs8Key(Call call, string path, byte[] file) => Pkcs8.Read(path, file, () => PasswordChoice.Existing(call.Prompt, call.Get(Passphrase)));

    private static ClearKey Pkcs12Key(Call call, string path, byte[] file)
    {
        var passphrase = PasswordChoice.Existing(call.Prompt, call.Get(Passphrase));
        try
        {
            return Pkcs12.Read(path, file, passphrase);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(passphrase);
        }
    }

    private static ClearKey JwkKey(Call call, string path, byte[] file) => Jwk.Read(path, file, SecretClasses[call.Need(OctClass)].Number);

    private static ClearKey RawKey(Call call, string path, byte[] file) => new(KeyClass.Secret, SecretClasses[call.Need(SecretClass)].Number, [.. file]);

    private static async Task<JsonNode> RunAsync(Call call, Func<Call, string, byte[], ClearKey> read)
    {
        var path = call.Need(Path);
        using var file = SecretFile.Read(path);
        using var key = read(call, path, file.Bytes);
        var (label, isSession) = (call.Need(Label), call.Get(NewKey.Session));
        var template = (key.Class == KeyClass.Private ? NewKey.Private(label, isSession) : NewKey.Secret(label, isSession)).Set(call.Get(Attributes) ?? []);
        var publicTemplate = call.Get(PublicLabel) is { } publicLabel ? NewKey.Public(publicLabel, isSession).Set(Cka.Class, KeyClass.Public.Number) : null;
        if (publicTemplate is not null && key.Class != KeyClass.Private)
        {
            throw new CommandRefusedException($"{PublicLabel.Name}: a secret key has no public half");
        }

        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var handle = await SecureImport.RunAsync(session, key, template, call.Cancel).ConfigureAwait(false);
        var answer = new JsonObject { ["key"] = await KeyView.ReadAsync(session, handle, call.Cancel).ConfigureAwait(false) };
        if (publicTemplate is not null)
        {
            answer["public_key"] = await PublicHalfAsync(session, handle, publicTemplate, call.Get(PublicAttributes) ?? [], call.Cancel).ConfigureAwait(false);
        }

        answer["message"] = "Successfully imported key";
        return answer;
    }

    private static async Task<JsonObject> PublicHalfAsync(HsmSession session, ulong privateKey, AttributeList template, string[] attributes, CancellationToken cancel)
    {
        var read = await session.GetAttributesAsync(privateKey, [Cka.PublicKeyInfo], cancel).ConfigureAwait(false);
        var handle = await session.CreateObjectAsync(template.Set(PublicKeyFile.Components((read[0].Value ?? default).ToArray())).Set(attributes).ToArray(), cancel).ConfigureAwait(false);
        return await KeyView.ReadAsync(session, handle, cancel).ConfigureAwait(false);
    }
}
