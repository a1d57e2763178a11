using Spectre.Console;

namespace Strongroom.Server.Terminal;

/// <summary>What people see: colours and borders on a terminal, plain aligned text in a pipe. Results go to standard output, progress and errors to standard error.</summary>
internal static class Screen
{
    private static readonly IAnsiConsole Errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    private static bool IsTerminal => !Console.IsOutputRedirected;

    public static void Line(string text = "") => Console.Out.WriteLine(text);

    public static void Heading(string text)
    {
        if (IsTerminal)
        {
            AnsiConsole.MarkupLineInterpolated($"[bold]{text}[/]");
        }
        else
        {
            Line(text);
        }
    }

    /// <summary>A command as one would type it.</summary>
    public static void Command(string text)
    {
        if (IsTerminal)
        {
            AnsiConsole.MarkupLineInterpolated($"  [dim]$[/] [cyan]{text}[/]");
        }
        else
        {
            Line($"  $ {text}");
        }
    }

    public static void Done(string text)
    {
        if (IsTerminal)
        {
            AnsiConsole.MarkupLineInterpolated($"[green]✓[/] {text}");
        }
        else
        {
            Line($"ok  {text}");
        }
    }

    /// <summary>Something that must not be overlooked, e.g. that this is a development set-up.</summary>
    public static void Warning(string text) => ToErrors(text, "yellow");

    public static void Error(string text, string? remedy)
    {
        ToErrors($"strongroom: {text}", "red");
        if (remedy is not null)
        {
            Console.Error.WriteLine(remedy);
        }
    }

    /// <summary>Runs one step of a longer command, with a spinner on a terminal, and says how it went and how long it took.</summary>
    public static async Task<T> StepAsync<T>(string doing, Func<Task<T>> work, Func<T, string> done)
    {
        var began = TimeProvider.System.GetTimestamp();
        var result = IsTerminal
            ? await AnsiConsole.Status().StartAsync(Markup.Escape(doing), _ => work()).ConfigureAwait(false)
            : await work().ConfigureAwait(false);
        Done($"{done(result)} ({TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s)");
        return result;
    }

    /// <summary>As <see cref="StepAsync"/>, with what the work reports beside the spinner.</summary>
    public static async Task<T> ProgressAsync<T>(string doing, Func<Action<string>, Task<T>> work, Func<T, string> done)
    {
        var began = TimeProvider.System.GetTimestamp();
        var result = IsTerminal
            ? await AnsiConsole.Status().StartAsync(Markup.Escape(doing), status => work(text => status.Status = Markup.Escape(text))).ConfigureAwait(false)
            : await work(_ => { }).ConfigureAwait(false);
        Done($"{done(result)} ({TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s)");
        return result;
    }

    /// <summary>Rows under headings. In a pipe nothing is cut and nothing is drawn.</summary>
    public static void Table(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        if (!IsTerminal)
        {
            PlainTable(headings, rows);
            return;
        }

        var table = new Table().Border(TableBorder.Rounded);
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell.Text, Tint(cell.Tone))));
        }

        AnsiConsole.Write(table);
    }

    private static void PlainTable(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<Cell>> rows)
    {
        var lines = rows.Select(row => row.Select(cell => cell.Text).ToArray()).Prepend([.. headings]).ToArray();
        var widths = headings.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            Line(string.Join("  ", line.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static void ToErrors(string text, string colour)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            Errors.MarkupLine($"[{colour}]{Markup.Escape(text)}[/]");
        }
    }

    private static Style Tint(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Waiting => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        _ => Style.Plain,
    };
}
