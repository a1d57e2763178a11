using System.Globalization;
using System.Text;
using Strongroom.Node.State;

namespace Strongroom.Node.Backups;

/// <summary>
/// A backup's first line, for people and for programs: <c>strongroom-backup 1 CLUSTER HSM MODE ROOT-OF-TRUST TIME</c>. Everything behind it is sealed, and bound to it.
/// </summary>
/// <param name="Cluster">cluster id</param>
/// <param name="Hsm">the HSM that made it, whose root of trust opens it</param>
/// <param name="Mode">FIPS or NON_FIPS</param>
/// <param name="RootOfTrust">file or passphrase</param>
/// <param name="Made">UTC</param>
internal sealed record BackupHeader(string Cluster, string Hsm, string Mode, string RootOfTrust, DateTimeOffset Made)
{
    /// <summary>Bytes that the line takes at most.</summary>
    public const int Longest = 256;

    private const string Name = "strongroom-backup";
    private const string Version = "1";
    private const string Time = "yyyy-MM-ddTHH:mm:ssZ";

    /// <summary>Reads the line without its line feed.</summary>
    /// <exception cref="StateException">it is not one of these</exception>
    public static BackupHeader Parse(ReadOnlySpan<byte> line, string path)
    {
        var words = Encoding.ASCII.GetString(line).Split(' ');
        return words switch
        {
            [Name, not Version, ..] => throw new StateException($"{path} is a backup of form {words[1]}, which is not known to this program"),
            [Name, Version, var cluster, var hsm, "FIPS" or "NON_FIPS", "file" or "passphrase", var made]
                when DateTimeOffset.TryParseExact(made, Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => new(cluster, hsm, words[4], words[5], time),
            _ => throw new StateException($"{path} is not a backup of Strongroom"),
        };
    }

    /// <summary>The line, with its line feed.</summary>
    public byte[] Encode() => Encoding.ASCII.GetBytes($"{Name} {Version} {Cluster} {Hsm} {Mode} {RootOfTrust} {Made.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture)}\n");
}
