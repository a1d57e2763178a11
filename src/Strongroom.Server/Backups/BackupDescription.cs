namespace Strongroom.Server.Backups;

/// <summary>A backup that was made.</summary>
/// <param name="Cluster">cluster id</param>
/// <param name="File">its path</param>
/// <param name="Bytes">its size</param>
/// <param name="Records">of the store</param>
/// <param name="Epoch">of the head that it ends at</param>
/// <param name="Sequence">of the same</param>
internal sealed record BackupDescription(string Cluster, string File, ulong Bytes, ulong Records, ulong Epoch, ulong Sequence);
