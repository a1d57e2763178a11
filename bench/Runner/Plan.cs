namespace Strongroom.Bench;

/// <summary>One thing that is measured.</summary>
/// <param name="Name">The load generator's name for it.</param>
/// <param name="Threads">Threads of the client.</param>
/// <param name="Size">Bytes a call, where it matters.</param>
/// <param name="Keys">Objects on the token, where it matters.</param>
/// <param name="OnSoftHsm">Whether SoftHSM2 is measured beside.</param>
internal sealed record Work(string Name, int Threads, int Size = 0, int Keys = 0, bool OnSoftHsm = true);

/// <summary>What is measured, for how long and how often.</summary>
/// <param name="Populations">Sizes of clusters in which is searched.</param>
internal sealed record Plan(int Rounds, double Seconds, IReadOnlyList<Work> Works, IReadOnlyList<int> Populations)
{
    private static readonly int[] Threads = [1, 4, 16, 64];
    private static readonly Work Creation = new("create-key", 64, OnSoftHsm: false);

    public static Plan Full { get; } = new(3, 3, [.. Signatures(), .. Data([16, 1024, 16384]), Creation], [1_000, 100_000]);

    /// <summary>The same and a cluster of a million keys, which takes some minutes more.</summary>
    public static Plan Million { get; } = Full with { Populations = [.. Full.Populations, 1_000_000] };

    public static Plan Quick { get; } = new(1, 1.5, [.. Signatures(), .. Data([16384]), Creation], [1_000, 10_000]);

    private static IEnumerable<Work> Signatures() =>
        from name in new[] { "p256-sign", "rsa2048-sign" } from threads in Threads select new Work(name, threads);

    private static IEnumerable<Work> Data(int[] sizes) =>
        from size in sizes
        from work in new[] { new Work("echo", 16, size, OnSoftHsm: false), new Work("aes-gcm", 16, size) }
        select work;
}
