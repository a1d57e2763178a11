namespace Strongroom.Cli.Interactive;

/// <summary>Reads a line on a terminal with editing, history and completion.</summary>
/// <param name="history">lines typed before</param>
/// <param name="complete">the words that may stand at the cursor, given the line up to it</param>
internal sealed class LineEditor(History history, Func<string, IReadOnlyList<string>> complete)
{
    /// <summary>The line typed; null at the end of the input (Ctrl-D on an empty line).</summary>
    public string? Read(string prompt)
    {
        Console.TreatControlCAsInput = true;
        try
        {
            var line = new EditedLine(history);
            Draw(prompt, line);
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
                switch (key.Key)
                {
                    case ConsoleKey.Enter:
                        Console.Out.WriteLine();
                        history.Add(line.Text);
                        return line.Text;
                    case ConsoleKey.D when control && line.Text.Length == 0:
                        Console.Out.WriteLine();
                        return null;
                    case ConsoleKey.C when control:
                        Console.Out.WriteLine("^C");
                        line = new EditedLine(history);
                        break;
                    case ConsoleKey.L when control:
                        Console.Clear();
                        break;
                    case ConsoleKey.Tab:
                        Complete(line);
                        break;
                    default:
                        line.Apply(key);
                        break;
                }

                Draw(prompt, line);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private void Complete(EditedLine line)
    {
        var before = line.Text[..line.Cursor];
        var typed = before[(before.LastIndexOf(' ') + 1)..];
        var choices = complete(before).Where(choice => choice.StartsWith(typed, StringComparison.Ordinal)).ToArray();
        if (choices.Length == 0)
        {
            return;
        }

        var common = choices.Aggregate(static (a, b) => a[..a.AsSpan().CommonPrefixLength(b)]);
        line.Insert(common[typed.Length..] + (choices.Length == 1 ? " " : ""));
        if (choices.Length > 1 && common.Length == typed.Length)
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(string.Join("  ", choices));
        }
    }

    // Carriage return, erase to the end of the screen, the whole line, and the cursor back to its place.
    private static void Draw(string prompt, EditedLine line)
    {
        var back = line.Text.Length - line.Cursor;
        Console.Out.Write($"\r\e[J{prompt}{line.Text}{(back > 0 ? $"\e[{back}D" : "")}");
    }
}
