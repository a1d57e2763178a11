using System.Text.Json.Serialization;
using Strongroom.Server.Backups;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Status;
using Strongroom.Server.Supervision;

namespace Strongroom.Server.Deployment;

/// <summary>Every JSON document that this program reads or writes, with serializers made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DeploymentRecord))]
[JsonSerializable(typeof(ClientConfiguration))]
[JsonSerializable(typeof(ClusterDescription[]))]
[JsonSerializable(typeof(ClusterBirth))]
[JsonSerializable(typeof(BackupDescription))]
[JsonSerializable(typeof(UserDescription[]))]
[JsonSerializable(typeof(DeploymentStatus))]
[JsonSerializable(typeof(ChildReport[]))]
internal sealed partial class ServerJson : JsonSerializerContext;
