using System.Text;

namespace Strongroom.Server.Backups;

/// <summary>What the first line of a backup says about it: <c>strongroom-backup 1 CLUSTER HSM MODE ROOT-OF-TRUST TIME</c>. The HSM verifies it; here it only finds the cluster's name.</summary>
/// <param name="Cluster">cluster id</param>
/// <param name="Hsm">the HSM that made it</param>
/// <param name="Mode">FIPS or NON_FIPS</param>
/// <param name="RootOfTrust">file or passphrase: what opens it</param>
internal sealed record BackupFile(string Cluster, string Hsm, string Mode, string RootOfTrust)
{
    private const int LongestLine = 256;

    /// <exception cref="RefusalException">It is no backup.</exception>
    public static BackupFile Read(string path)
    {
        var buffer = new byte[LongestLine];
        int length;
        try
        {
            using var file = File.OpenRead(path);
            length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RefusalException($"{path} can't be read: {error.Message}", inner: error);
        }

        var end = Array.IndexOf(buffer, (byte)'\n', 0, length);
        return end < 0 || Encoding.ASCII.GetString(buffer, 0, end).Split(' ') is not ["strongroom-backup", "1", var cluster, var hsm, var mode, var root, _]
            ? throw new RefusalException($"{path} is not a backup that this version can read.")
            : new BackupFile(ControlPlane.ClusterId.Parse(cluster).Value, ControlPlane.HsmId.Parse(hsm).Value, mode, root);
    }
}
