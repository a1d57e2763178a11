using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Strongroom.Bench;

/// <summary>The table for people, the page for the repository, and the rows of what was promised.</summary>
internal static class Report
{
    // With fewer keys the memory of everything else hides theirs.
    private const int EnoughForMemory = 100_000;

    private static readonly string[] Columns =
        ["work", "threads", "bytes", "keys", "a second", "p50 µs", "p99 µs", "max µs", "CPU µs client", "CPU µs HSM", "of the cores", "of openssl", "SoftHSM2", "failures"];

    public static void Print(Results results)
    {
        // Fits into 80 columns; RESULTS.md has every column of its own.
        var table = new Table().Border(TableBorder.Simple).AddColumns("work", "threads", "a second", "p50 / p99 / max µs", "CPU µs app / HSM", "of openssl");
        foreach (var row in Rows(results))
        {
            var work = row[2].Length > 0 ? $"{row[0]} {row[2]} B" : row[3].Length > 0 ? $"{row[0]} of {row[3]}" : row[0];
            table.AddRow(new[] { work, row[1], row[4], $"{row[5]} / {row[6]} / {row[7]}", $"{row[8]} / {row[9]}", row[11] }.Select(Markup.Escape).ToArray());
        }

        AnsiConsole.Write(table);
        var promises = new Table().Border(TableBorder.Simple).AddColumns("promise", "at least", "measured", "");
        foreach (var p in Promises(results))
        {
            promises.AddRow(Markup.Escape(p.Name), p.Target, p.Measured, p.Met ? "[green]met[/]" : "[red]missed[/]");
        }

        AnsiConsole.Write(promises);
        if (results.AuditCost is { } cost)
        {
            AnsiConsole.MarkupLineInterpolated($"{DurableLine(cost)}");
        }
    }

    /// <param name="notes">Of bench/NOTES.md.</param>
    public static string Markdown(Results results, IReadOnlyList<(string Heading, string Text)> notes)
    {
        var text = new StringBuilder();
        void Line(string line) => text.Append(line).Append('\n');
        Line("# What was measured");
        Line("");
        Line($"Written by `./bench/run`. Client, HSM and load generator share {Environment.ProcessorCount} cores; medians of {results.Plan.Rounds} rounds of {results.Plan.Seconds} s each, the maximum over all of them.");
        Line($"`openssl speed -multi 2` in the same run: {results.P256Reference:N0} P-256 and {results.Rsa2048Reference:N0} RSA-2048 signatures a second. The machine is shared: read the ratios, not the figures.");
        Line("");
        Line("| promise | at least | measured | |");
        Line("|---|---|---|---|");
        foreach (var p in Promises(results))
        {
            Line($"| {p.Name} | {p.Target} | {p.Measured} | {(p.Met ? "met" : "**missed**")} |");
        }

        if (results.AuditCost is { } cost)
        {
            Line("");
            Line(DurableLine(cost));
        }

        Line("");
        Line($"| {string.Join(" | ", Columns)} |");
        Line($"|{string.Concat(Enumerable.Repeat("---|", Columns.Length))}");
        foreach (var row in Rows(results))
        {
            Line($"| {string.Join(" | ", row)} |");
        }

        if (results.Populations.Count > 0)
        {
            Line("");
            Line("Searches by label for a user who sees 1 % of the keys, one at a time; the last three columns after a start with that many keys.");
            Line("");
            Line("| keys | a second | p50 µs | p99 µs | 99 % within, in the HSM | within 50 µs, in the HSM | ready | bytes a key | SoftHSM2, all its own |");
            Line("|---|---|---|---|---|---|---|---|---|");
            foreach (var p in results.Populations)
            {
                Line($"| {Text(p.Keys)} | {Text(p.Find.PerSecond)} | {Text(p.Find.P50)} | {Text(p.Find.P99)} | {Text(p.P99Class)} µs | {p.Within50:P2} | {p.Ready.ToString("F1", CultureInfo.InvariantCulture)} s | {(p.Keys < EnoughForMemory ? "" : Text(p.BytesAKey))} | {(p.SoftHsmPerSecond is { } soft ? Text(soft) : "")} |");
            }
        }

        var promises = Promises(results).ToList();
        foreach (var (heading, said) in notes.Where(note => promises.All(p => p.Name != note.Heading || !p.Met)))
        {
            Line("");
            Line($"## {heading}");
            Line(said);
        }

        return text.ToString();
    }

    private static IEnumerable<string[]> Rows(Results results)
    {
        foreach (var work in results.Plan.Works)
        {
            if (results.Of("Strongroom", work) is not { } ours)
            {
                continue;
            }

            var reference = ReferenceOf(results, work.Name);
            yield return
            [
                work.Name, Text(work.Threads), Blank(work.Size), Blank(work.Keys), Text(ours.PerSecond), Text(ours.P50), Text(ours.P99), Text(ours.Max),
                ours.ClientCpu.ToString("F1", CultureInfo.InvariantCulture), ours.HsmCpu.ToString("F1", CultureInfo.InvariantCulture),
                Ratio(ours.PerSecond * (ours.ClientCpu + ours.HsmCpu) / 1e6 / Environment.ProcessorCount), reference > 0 ? Ratio(ours.PerSecond / reference) : "", results.Of("SoftHSM2", work) is { } soft ? Text(soft.PerSecond) : "", Text(ours.Failures),
            ];
        }
    }

    // The rows of the design that one HSM can show.
    private static IEnumerable<(string Name, string Target, string Measured, bool Met)> Promises(Results results)
    {
        foreach (var (name, threads, least) in new[] { ("rsa2048-sign", 16, 0.85), ("p256-sign", 16, 0.50), ("p256-sign", 64, 0.60) })
        {
            if (results.Of("Strongroom", new Work(name, threads)) is { } m)
            {
                var ratio = m.PerSecond / ReferenceOf(results, name);
                yield return ($"{name}, {threads} threads", $"{Ratio(least)} of openssl speed", Ratio(ratio), ratio >= least);
            }
        }

        if (results.Of("Strongroom", new Work("p256-sign", 1)) is { } one)
        {
            // One of openssl's two processes makes half of the sum, so a signature alone takes 2 / sum.
            var overhead = one.P50 - 2e6 / results.P256Reference;
            yield return ("p256-sign, 1 thread: on top of the signature", "under 60 µs", $"{overhead:F0} µs", overhead < 60);
        }

        if (results.Of("Strongroom", new Work("echo", 16, 16384, OnSoftHsm: false)) is { } echo && results.Of("Strongroom", new Work("aes-gcm", 16, 16384)) is { } gcm)
        {
            var ratio = gcm.PerSecond / echo.PerSecond;
            yield return ("aes-gcm 16 KiB", "0.50 of an echo of the same frames", Ratio(ratio), ratio >= 0.5);
        }

        if (results.Of("Strongroom", new Work("create-key", 64, OnSoftHsm: false)) is { } create)
        {
            yield return ("keys created a second, durable", "2,000, none over 200 ms", $"{Text(create.PerSecond)}, slowest {create.Max / 1000:F0} ms", create.PerSecond >= 2000 && create.Max <= 200_000);
        }

        foreach (var promise in results.Populations.SelectMany(PopulationPromises))
        {
            yield return promise;
        }

        if (results.AuditCost is { } cost)
        {
            yield return AuditPromise(cost);
        }
    }

    private static IEnumerable<(string Name, string Target, string Measured, bool Met)> PopulationPromises(Population population)
    {
        if (population.Keys >= EnoughForMemory)
        {
            yield return ($"find by label at {Text(population.Keys)} keys, of which the user sees 1 %", "p99 under 50 µs in the HSM", $"{population.Within50:P2} within 50 µs", population.Within50 >= 0.99);
        }

        if (population.Keys >= 1_000_000)
        {
            yield return ($"{Text(population.Keys)} keys: ready after a start", "30 s", $"{population.Ready.ToString("F1", CultureInfo.InvariantCulture)} s", population.Ready <= 30);
            yield return ($"{Text(population.Keys)} keys: memory a key", "under 2,048 bytes", $"{Text(population.BytesAKey)} bytes", population.BytesAKey < 2048);
        }
    }

    private static (string Name, string Target, string Measured, bool Met) AuditPromise(AuditCost cost)
    {
        var ratio = cost.With / cost.Without;
        return ("audit log: p256-sign, 16 threads", "0.90 of the same without the log", Ratio(ratio), ratio >= 0.9);
    }

    private static string DurableLine(AuditCost cost) =>
        $"With `durable`, each reply waiting for an fsync: {Text(cost.Durable)} p256-sign a second at 16 threads, {Ratio(cost.Durable / cost.With)} of the default; {Text(cost.Events)} events and {Text(cost.Syncs)} fsyncs a second.";

    private static double ReferenceOf(Results results, string work) => work switch
    {
        "p256-sign" => results.P256Reference,
        "rsa2048-sign" => results.Rsa2048Reference,
        _ => 0,
    };

    private static string Text(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Blank(int value) => value == 0 ? "" : Text(value);

    private static string Ratio(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
