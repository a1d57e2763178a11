using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Audit;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Attestation;

/// <summary>
/// key attest verify: offline, whether an attestation holds. The HSM's identity must be certified under the root that is given, its signature and the cluster's must be of the statement, and the
/// cluster's certificate must hold under the customer's CA. An attestation that does not hold is a refusal that says why.
/// </summary>
internal static class VerifyAttestationCommand
{
    private const string Format = "strongroom-key-attestation-v1";

    private static readonly Option<string> Folder = CommonOptions.Path("the attestation's folder");
    private static readonly Option<string> Root = new("--hardware-root") { Description = "the root of the HSM's owner or of its manufacturer, PEM", HelpName = "PATH", Required = true };
    private static readonly Option<string> Ca = new("--hsm-ca-cert") { Description = "the customer's CA, PEM", HelpName = "PATH", Required = true };
    private static readonly Option<string?> Nonce = new("--nonce") { Description = "the nonce that the statement must have, hexadecimal", HelpName = "HEX" };

    public static Command Create(CommandShell shell) => shell.Define(
        "verify", "Verify an attestation offline. Example: key attest verify --path web-attestation --hardware-root owner-root.crt --hsm-ca-cert customerCA.crt", Run, Folder, Root, Ca, Nonce);

    private static Task<JsonNode> Run(Call call)
    {
        var files = new AttestationFiles(call.Need(Folder));
        var data = AttestationFiles.Read(files.Statement);
        var statement = Parse(files.Statement, data);

        var identity = LogCertificates.Read(files.HsmCertificates);
        RequireOneKey(identity);
        RequireHolds(identity, LogCertificates.Read(call.Need(Root)), "the HSM's identity", call.Need(Root));
        RequireSigned(identity[0], HashAlgorithmName.SHA384, data, files.HsmSignature, "the HSM's identity");
        Require(identity[0].GetNameInfo(X509NameType.SimpleName, forIssuer: false) == $"HSM:{Text(statement, "hsm")}", $"the identity's certificate is for {identity[0].Subject}, the statement is of {Text(statement, "hsm")}");

        var cluster = LogCertificates.Read(files.ClusterCertificate);
        RequireHolds(cluster, LogCertificates.Read(call.Need(Ca)), "the cluster's certificate", call.Need(Ca));
        RequireSigned(cluster[0], HashAlgorithmName.SHA256, data, files.ClusterSignature, "the cluster");

        if (call.Get(Nonce) is { } nonce)
        {
            Require(statement["nonce"] is { } given && AttributeValue.ParseHex("nonce", (string)given!).AsSpan().SequenceEqual(AttributeValue.ParseHex("--nonce", nonce)), "the statement has another nonce");
        }

        return Task.FromResult<JsonNode>(new JsonObject { ["message"] = "Attestation verified successfully", ["statement"] = statement });
    }

    private static JsonObject Parse(string path, byte[] data)
    {
        try
        {
            var statement = JsonNode.Parse(data, documentOptions: new JsonDocumentOptions { MaxDepth = 8 }) as JsonObject ?? throw new JsonException("it is no object");
            return Text(statement, "format") == Format ? statement : throw new JsonException($"its format is not {Format}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CommandRefusedException($"{path} is no key attestation: {e.Message}", e);
        }
    }

    private static string? Text(JsonObject statement, string name) => (string?)statement[name];

    private static void RequireOneKey(X509Certificate2[] certificates) => Require(
        certificates.All(certificate => LogCertificates.KeySha256(certificate) == LogCertificates.KeySha256(certificates[0])), "the identity's certificates are for different keys");

    // The root of one of the two ceremonies is enough; the other certificate is for the same key.
    private static void RequireHolds(X509Certificate2[] certificates, X509Certificate2[] roots, string what, string file)
    {
        foreach (var certificate in certificates)
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            foreach (var root in roots)
            {
                (root.SubjectName.RawData.AsSpan().SequenceEqual(root.IssuerName.RawData) ? chain.ChainPolicy.CustomTrustStore : chain.ChainPolicy.ExtraStore).Add(root);
            }

            if (chain.Build(certificate))
            {
                return;
            }
        }

        throw new CommandRefusedException($"Attestation verification failed: {what} does not hold under {file}");
    }

    private static void RequireSigned(X509Certificate2 certificate, HashAlgorithmName hash, byte[] data, string signature, string who)
    {
        using var key = certificate.GetECDsaPublicKey();
        Require(
            key is not null && key.VerifyData(data, AttestationFiles.Read(signature), hash, DSASignatureFormat.Rfc3279DerSequence), $"the signature in {signature} is not {who}'s of this statement");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CommandRefusedException($"Attestation verification failed: {otherwise}");
        }
    }
}
