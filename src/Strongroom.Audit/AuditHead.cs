using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strongroom.Audit;

/// <summary>
/// The HSM's word for how far its log has come: "these are all events up to <see cref="Sequence"/>". As an anchor it shows that a log was cut off or rewritten: it stands in the cluster's store, in every export and in what is forwarded.
/// </summary>
/// <param name="Sequence">The last event's number.</param>
/// <param name="Chain">The chain value that the signature covers.</param>
/// <param name="Signature">ECDSA with SHA-384, DER, by the HSM's identity key.</param>
public sealed record AuditHead(string Cluster, string Hsm, uint Reboot, ulong Sequence, AuditDigest Chain, DateTimeOffset Time, ReadOnlyMemory<byte> Signature)
{
    private const int LongestText = 4096;

    /// <summary>What is signed: a fixed text, 0, cluster, 0, HSM, 0, then reboot (4 bytes), sequence (8), time in microseconds (8), big-endian, and the chain value.</summary>
    public static byte[] SignedBytes(string cluster, string hsm, uint reboot, ulong sequence, in AuditDigest chain, DateTimeOffset time)
    {
        var text = Encoding.UTF8.GetBytes($"strongroom audit head v1\0{cluster}\0{hsm}\0");
        var bytes = new byte[text.Length + 20 + AuditDigest.Size];
        text.CopyTo(bytes, 0);
        var rest = bytes.AsSpan(text.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(rest, reboot);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(rest[4..], sequence);
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(rest[12..], AuditTime.ToMicroseconds(time));
        ((ReadOnlySpan<byte>)chain).CopyTo(rest[20..]);
        return bytes;
    }

    /// <summary>Whether the key of this certificate signed it.</summary>
    public bool IsSignedBy(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPublicKey();
        return key is not null && key.VerifyData(SignedBytes(Cluster, Hsm, Reboot, Sequence, Chain, Time), Signature.Span, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>One line of JSON: the form in which heads are exported and forwarded.</summary>
    public string ToJson() => new JsonObject
    {
        ["record"] = "head",
        ["cluster"] = Cluster,
        ["hsm"] = Hsm,
        ["reboot"] = Reboot,
        ["sequence"] = Sequence,
        ["time"] = AuditTime.ToMicroseconds(Time),
        ["chain"] = Chain.ToString(),
        ["signature"] = Convert.ToBase64String(Signature.Span),
    }.ToJsonString();

    /// <exception cref="AuditFormatException">It is not what <see cref="ToJson"/> writes.</exception>
    public static AuditHead FromJson(string json)
    {
        if (json.Length > LongestText)
        {
            throw new AuditFormatException("a head of the audit log is shorter than this text");
        }

        try
        {
            var o = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 2 })!.AsObject();
            var chain = AuditDigest.From(Convert.FromHexString(o["chain"]!.GetValue<string>()));
            return new AuditHead(
                o["cluster"]!.GetValue<string>(), o["hsm"]!.GetValue<string>(), o["reboot"]!.GetValue<uint>(), o["sequence"]!.GetValue<ulong>(), chain,
                AuditTime.FromMicroseconds(o["time"]!.GetValue<long>()), Convert.FromBase64String(o["signature"]!.GetValue<string>()));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or NullReferenceException or ArgumentException or OverflowException)
        {
            throw new AuditFormatException("this is no head of an audit log (a JSON object with cluster, hsm, reboot, sequence, time, chain, signature)");
        }
    }
}
