using System.CommandLine;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;
using Strongroom.Client;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>
/// key generate-file: the public key as PEM (SubjectPublicKeyInfo, RFC 7468) of either half of a pair, or a file that stands for the private key in programs that want a key file.
/// CloudHSM's reference files are for its own OpenSSL engine and provider alone, and so is reference-pem here (<see cref="ReferencePem"/>). Our cloudhsm-reference-pem holds a PKCS#11 URI (RFC 7512)
/// in the form that OpenSSL's pkcs11-provider reads as a key; the URI also stands before it in plain, for the pkcs11 engine and everything else that takes one.
/// </summary>
internal static class GenerateFileCommand
{
    private const string Pem = "pem";
    private const string Reference = "reference-pem";
    private const string CloudHsmReference = "cloudhsm-reference-pem";
    private const string KspReference = "ksp-key-reference";

    private static readonly Option<string> Encoding =
        new Option<string>("--encoding") { Description = "pem: the public key; reference-pem: a file that stands for the private key in the OpenSSL engine; cloudhsm-reference-pem: one with its PKCS#11 URI", HelpName = "ENCODING", Required = true }
            .AcceptOnlyFromAmong(Pem, Reference, CloudHsmReference, KspReference);

    private static readonly Option<string> Path = CommonOptions.Path("the file to write");
    private static readonly Option<string[]> Filter = CommonOptions.Filter();

    public static Command Create(CommandShell shell) => shell.Define("generate-file", "Write a key's public part, or a reference to it, to a file", RunAsync, Encoding, Path, Filter);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var filter = KeyFilter.Parse(call.Need(Filter));
        var encoding = call.Need(Encoding);
        if (encoding == KspReference)
        {
            throw new CommandRefusedException($"{KspReference} is for Windows' key storage provider, which this program does not have");
        }

        var cluster = await call.LoggedInAsync().ConfigureAwait(false);
        var session = await cluster.SessionAsync(call.Cancel).ConfigureAwait(false);
        var key = await filter.FindOneAsync(session, call.Cancel).ConfigureAwait(false);
        var text = encoding switch
        {
            Pem => PublicKeyPem(await PublicKeyAsync(session, key, call.Cancel).ConfigureAwait(false)),
            Reference => await EngineReferenceAsync(session, key, call.Cancel).ConfigureAwait(false),
            _ => await UriReferenceAsync(session, key, call.Cancel).ConfigureAwait(false),
        };
        await File.WriteAllTextAsync(call.Need(Path), text, call.Cancel).ConfigureAwait(false);
        return Call.Message("Successfully generated key file");
    }

    private static string PublicKeyPem(ReadOnlyMemory<byte> info) => PemEncoding.WriteString("PUBLIC KEY", info.Span) + "\n";

    private static async Task<ReadOnlyMemory<byte>> PublicKeyAsync(HsmSession session, ulong key, CancellationToken cancel)
    {
        var results = await session.GetAttributesAsync(key, [Cka.PublicKeyInfo], cancel).ConfigureAwait(false);
        return results is [{ Value: { Length: > 0 } info }] ? info : throw new CommandRefusedException($"The key {KeyReference.Text(key)} has no public part");
    }

    private static async Task<string> EngineReferenceAsync(HsmSession session, ulong key, CancellationToken cancel)
    {
        CheckPrivate(key, await session.GetAttributesAsync(key, [Cka.Class], cancel).ConfigureAwait(false));
        return ReferencePem.Write(key, await PublicKeyAsync(session, key, cancel).ConfigureAwait(false))
            ?? throw new CommandRefusedException($"The key {KeyReference.Text(key)} is neither an RSA nor an EC key; {CloudHsmReference} is for other kinds");
    }

    private static void CheckPrivate(ulong key, WireAttributeResult[] results)
    {
        if (AttributeValue.ReadNumber((results[0].Value ?? default).Span) != KeyClass.Private.Number)
        {
            throw new CommandRefusedException($"The key {KeyReference.Text(key)} is no private key; a reference stands for a private key");
        }
    }

    private static async Task<string> UriReferenceAsync(HsmSession session, ulong key, CancellationToken cancel)
    {
        var results = await session.GetAttributesAsync(key, [Cka.Class, Cka.Label, Cka.Id, Cka.KeyType], cancel).ConfigureAwait(false);
        ReadOnlyMemory<byte> Value(int index) => results[index].Value ?? default;
        CheckPrivate(key, results);
        if (Value(1).IsEmpty && Value(2).IsEmpty)
        {
            throw new CommandRefusedException($"The key {KeyReference.Text(key)} has neither label nor id, by which a reference could name it");
        }

        var token = await session.GetTokenAsync(cancel).ConfigureAwait(false);
        string[] parts =
        [
            $"token={Escape(System.Text.Encoding.UTF8.GetBytes(token.Label.TrimEnd()))}", $"serial={Escape(System.Text.Encoding.UTF8.GetBytes(token.Serial.TrimEnd()))}",
            .. Value(2).IsEmpty ? [] : new[] { $"id={Escape(Value(2).Span, all: true)}" }, .. Value(1).IsEmpty ? [] : new[] { $"object={Escape(Value(1).Span)}" }, "type=private",
        ];
        var uri = "pkcs11:" + string.Join(';', parts);
        return $"{uri}\n{PemEncoding.WriteString("PKCS#11 PROVIDER URI", Encoded(uri))}\n";
    }

    // What pkcs11-provider decodes: SEQUENCE { VisibleString, UTF8String }.
    private static byte[] Encoded(string uri)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.VisibleString, "PKCS#11 Provider URI v1.0");
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, uri);
        }

        return writer.Encode();
    }

    // RFC 7512, section 2.3: what is not unreserved is written %xx; an id is bytes and wholly written so.
    private static string Escape(ReadOnlySpan<byte> bytes, bool all = false)
    {
        var text = new System.Text.StringBuilder();
        foreach (var b in bytes)
        {
            text.Append(!all && (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~') ? ((char)b).ToString() : $"%{b:X2}");
        }

        return text.ToString();
    }
}
