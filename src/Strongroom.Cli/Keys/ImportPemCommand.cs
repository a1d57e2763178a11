using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>key import pem: a public key from a PEM file.</summary>
internal static class ImportPemCommand
{
    private const string EcPublic = "ec-public";
    private const string RsaPublic = "rsa-public";
    private const int MaxSize = 65536;

    private static readonly Option<string> Path = CommonOptions.Path("the PEM file");
    private static readonly Option<string> Label = NewKey.Label();
    private static readonly Option<string> KeyTypeClass =
        new Option<string>("--key-type-class") { Description = "what the file holds", HelpName = "CLASS", Required = true }.AcceptOnlyFromAmong(EcPublic, RsaPublic);

    private static readonly Option<string[]> Attributes = CommonOptions.Attributes();

    public static Command Create(CommandShell shell) => shell.Define("pem", "Import a public key from a PEM file", RunAsync, Path, Label, KeyTypeClass, NewKey.Session, Attributes);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var path = call.Need(Path);
        var template = NewKey.Public(call.Need(Label), call.Get(NewKey.Session)).Set(Cka.Class, KeyClass.Public.Number);
        foreach (var component in Components(path, call.Need(KeyTypeClass)))
        {
            template.Set(component);
        }

        template.Set(call.Get(Attributes) ?? []);
        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await session.CreateObjectAsync(template.ToArray(), call.Cancel).ConfigureAwait(false);
        return new JsonObject { ["key"] = await KeyView.ReadAsync(session, key, call.Cancel).ConfigureAwait(false), ["message"] = "Successfully imported key" };
    }

    private static WireAttribute[] Components(string path, string keyTypeClass)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxSize })
        {
            throw new CommandRefusedException($"{path} is too large for a public key");
        }

        var pem = File.ReadAllText(path);
        try
        {
            return keyTypeClass == RsaPublic ? Rsa(pem) : Ec(pem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new CommandRefusedException($"{path} holds no {keyTypeClass} key in PEM: {e.Message}", e);
        }
    }

    private static WireAttribute[] Rsa(string pem)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return
        [
            AttributeValue.Number(Cka.KeyType, KeyKind.Rsa.Number),
            AttributeValue.Bytes(Cka.Modulus, parameters.Modulus!),
            AttributeValue.Bytes(Cka.PublicExponent, parameters.Exponent!),
        ];
    }

    private static WireAttribute[] Ec(string pem)
    {
        using var ec = ECDsa.Create();
        ec.ImportFromPem(pem);
        var parameters = ec.ExportParameters(includePrivateParameters: false);
        var oid = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        oid.WriteObjectIdentifier(parameters.Curve.Oid.Value ?? throw new CryptographicException("the key is not on a named curve"));
        byte[] point = [4, .. parameters.Q.X!, .. parameters.Q.Y!];
        return
        [
            AttributeValue.Number(Cka.KeyType, KeyKind.Ec.Number),
            AttributeValue.Bytes(Cka.EcParams, oid.Encode()),
            AttributeValue.Bytes(Cka.EcPoint, AttributeValue.WithOctetString(point)),
        ];
    }
}
