namespace Strongroom.Node.Tampering;

/// <summary>The same cluster, stopped at each noon and killed in the evening: its database has the mornings' records, which do not fit into the pages that the afternoon's commits touch, and the WAL beside it the afternoon's.</summary>
public sealed class KilledHsm : KeptHsm
{
    private const int KeysOfAMorning = 12;

    internal override IReadOnlyList<string> Acknowledged => [.. base.Acknowledged.Concat(Enumerable.Repeat("key of a morning", 2 * KeysOfAMorning)).OrderByDescending(name => name[0]).ThenBy(name => name, StringComparer.Ordinal)];

    internal override async Task<HsmProcess> NoonAsync(HsmProcess process)
    {
        for (var i = 0; i < KeysOfAMorning; i++)
        {
            await MakeKeyAsync("of a morning");
        }

        process.Signal("TERM");
        await process.ExitAsync();
        await process.DisposeAsync();
        return await RunAsync();
    }

    internal override async Task EndAsync(HsmProcess process)
    {
        process.Kill();
        await process.ExitAsync();
    }
}
