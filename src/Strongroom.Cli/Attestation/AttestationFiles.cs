using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Attestation;

/// <summary>The folder of an attestation: the statement, its two signatures, and the certificates of the keys that made them.</summary>
internal sealed class AttestationFiles(string folder)
{
    private const int MaxSize = 1 << 18;

    /// <summary>JSON, the bytes that are signed.</summary>
    public string Statement => Path.Combine(folder, "statement.json");

    /// <summary>ECDSA with SHA-384 by the HSM's identity key, DER.</summary>
    public string HsmSignature => Path.Combine(folder, "hsm.sig");

    /// <summary>The identity's two certificates, the owner's and the manufacturer's, PEM.</summary>
    public string HsmCertificates => Path.Combine(folder, "hsm.crt");

    /// <summary>ECDSA with SHA-256 by the cluster's key, DER.</summary>
    public string ClusterSignature => Path.Combine(folder, "cluster.sig");

    /// <summary>The cluster's certificate, PEM.</summary>
    public string ClusterCertificate => Path.Combine(folder, "cluster.crt");

    public async Task WriteAsync(AttestKeyReply reply, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Statement, reply.Statement, cancel).ConfigureAwait(false);
        await File.WriteAllBytesAsync(HsmSignature, reply.HsmSignature, cancel).ConfigureAwait(false);
        await File.WriteAllTextAsync(HsmCertificates, reply.HsmCertificates, cancel).ConfigureAwait(false);
        await File.WriteAllBytesAsync(ClusterSignature, reply.ClusterSignature, cancel).ConfigureAwait(false);
        await File.WriteAllTextAsync(ClusterCertificate, reply.ClusterCertificate, cancel).ConfigureAwait(false);
    }

    public static byte[] Read(string path) => new FileInfo(path) is { Exists: true, Length: > MaxSize } ? throw new CommandRefusedException($"{path} is too large") : File.ReadAllBytes(path);
}
