using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strongroom.Server.Deployment;

/// <summary>strongroom-pkcs11.json: what an application's machine needs to reach its clusters and to recognise them.</summary>
public sealed record ClientConfiguration(ClientConfiguration.Cluster[] Clusters, ClientConfiguration.Logging Log)
{
    /// <summary>One cluster: one slot with a token.</summary>
    /// <param name="ClusterId">cluster-…</param>
    /// <param name="Label">token label</param>
    /// <param name="CaFile">the customer's CA, PEM</param>
    /// <param name="ClusterKeySha256">SHA-256 of the cluster certificate's SubjectPublicKeyInfo, hex</param>
    /// <param name="Hsms">where its HSMs serve</param>
    public sealed record Cluster(string ClusterId, string Label, string CaFile, [property: JsonPropertyName("cluster_key_sha256")] string ClusterKeySha256, Hsm[] Hsms);

    /// <summary>One HSM's address.</summary>
    public sealed record Hsm(string Address, int Port);

    /// <summary>The library's log: a file, and error, warn, info, debug or trace.</summary>
    public sealed record Logging(string File, string Level);

    public static string PathIn(Layout layout) => Path.Combine(layout.Client, "strongroom-pkcs11.json");

    /// <summary>Writes it where DIR/env says; anyone may read it.</summary>
    public void Write(Layout layout) =>
        PrivateFile.Write(PathIn(layout), JsonSerializer.Serialize(this, ServerJson.Default.ClientConfiguration) + "\n", PrivateFile.Everyone);
}
