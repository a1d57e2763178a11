using System.Text.Json.Nodes;
using Spectre.Console;

namespace Strongroom.Cli.Terminal;

/// <summary>`--output table`: the same answer for people. A list of objects becomes a table; what is nested in a row is spelled out in its cell.</summary>
internal static class TableOutput
{
    // Tables wider than the terminal wrap; in a pipe nothing is cut.
    private const int PipeWidth = 4096;

    public static void Write(TextWriter output, JsonNode data)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = PipeWidth;
        }

        WriteNode(console, null, data);
    }

    private static void WriteNode(IAnsiConsole console, string? title, JsonNode data)
    {
        switch (data)
        {
            case JsonArray { Count: 0 }:
                break;
            case JsonArray rows:
                console.Write(Rows(title, rows));
                break;
            case JsonObject fields:
                WriteFields(console, title, fields);
                break;
            default:
                console.WriteLine(Cell(data));
                break;
        }
    }

    private static void WriteFields(IAnsiConsole console, string? title, JsonObject fields)
    {
        var plain = new Table { Border = TableBorder.Rounded, ShowHeaders = false, Title = title is null ? null : new TableTitle(Markup.Escape(title)) };
        plain.AddColumns("", "");
        foreach (var (name, value) in fields.Where(field => field.Value is not (JsonArray or JsonObject)))
        {
            plain.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(Cell(value)));
        }

        if (plain.Rows.Count > 0)
        {
            console.Write(plain);
        }

        foreach (var (name, value) in fields.Where(field => field.Value is JsonArray or JsonObject))
        {
            WriteNode(console, name, value!);
        }
    }

    private static Table Rows(string? title, JsonArray rows)
    {
        var columns = rows.OfType<JsonObject>().SelectMany(row => row.Select(field => field.Key)).Distinct().ToArray();
        var table = new Table { Border = TableBorder.Rounded, Title = title is null ? null : new TableTitle(Markup.Escape(title)) };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows.OfType<JsonObject>())
        {
            table.AddRow(columns.Select(column => new Text(Cell(row[column]))));
        }

        return table;
    }

    private static string Cell(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join("\n", list.Select(Cell)),
        JsonObject fields => string.Join(", ", fields.Select(field => $"{field.Key} {Cell(field.Value)}")),
        _ => value.ToString(),
    };
}
