using System.Text.Json.Nodes;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>A stopped deployment whose store and state directory can be brought back to what they were when it was made: yesterday's.</summary>
public sealed class SavedDeployment : QuickstartDeployment
{
    // These tests kill the HSM every second or two, on a busy machine as soon as it is back: one call may meet more deaths in a row than the usual ten seconds have room for.
    private const int RetrySeconds = 60;
    private static readonly string[] Trees = ["clusters", "hsms"];
    private readonly string _saved = Directory.CreateTempSubdirectory("sr-e2e-saved-").FullName;

    public SavedDeployment()
    {
        Strongroom("stop").MustSucceed();
        KeepSmallSegments();
        Change(Variables["STRONGROOM_PKCS11_CONFIG"], configuration => configuration["retry_seconds"] = RetrySeconds);
        Copy(Dir, _saved);
    }

    /// <summary>Brings everything back, or one of the two trees: clusters (the stores), hsms (the state directories).</summary>
    public void Restore(params string[] trees) => Copy(_saved, Dir, trees);

    /// <summary>Replaces the trees of <paramref name="to"/> by those of <paramref name="from"/>.</summary>
    internal static void Copy(string from, string to, params string[] trees)
    {
        Directory.CreateDirectory(to);
        foreach (var tree in trees.Length == 0 ? Trees : trees)
        {
            if (Directory.Exists(Path.Combine(to, tree)))
            {
                Directory.Delete(Path.Combine(to, tree), recursive: true);
            }

            Programs.Run("cp", ["-a", Path.Combine(from, tree), to]).MustSucceed();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_saved, recursive: true);
    }

    // A disk that copies whole files at each fsync is slow with large ones.
    private void KeepSmallSegments() =>
        Change(Path.Combine(Assert.Single(Directory.GetDirectories(Path.Combine(Dir, "hsms"))), "hsm.json"), hsm => hsm["audit"]!["segmentMiB"] = 1);

    /// <summary>Changes a file of JSON as an administrator's editor does it: a new file under the old name.</summary>
    internal static void Change(string path, Action<JsonNode> change)
    {
        var document = JsonNode.Parse(File.ReadAllText(path))!;
        change(document);
        File.WriteAllText(path + ".new", document.ToJsonString());
        File.Move(path + ".new", path, overwrite: true);
    }
}
