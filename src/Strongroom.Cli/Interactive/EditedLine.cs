namespace Strongroom.Cli.Interactive;

/// <summary>The line being typed: text, cursor, and the place in the history. Knows no terminal, so that tests type into it.</summary>
internal sealed class EditedLine(History history)
{
    private int _recalled = history.Count;
    private string _draft = "";

    public string Text { get; private set; } = "";

    /// <summary>Before which character the next one is typed.</summary>
    public int Cursor { get; private set; }

    /// <summary>Applies a key that edits.</summary>
    /// <returns>False if the key means nothing here.</returns>
    public bool Apply(ConsoleKeyInfo key)
    {
        var control = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        switch (key.Key)
        {
            case ConsoleKey.Backspace when Cursor > 0:
                Replace(Text.Remove(Cursor - 1, 1), Cursor - 1);
                return true;
            case ConsoleKey.Delete when Cursor < Text.Length:
                Replace(Text.Remove(Cursor, 1), Cursor);
                return true;
            case ConsoleKey.LeftArrow:
            case ConsoleKey.B when control:
                Cursor = Math.Max(0, Cursor - 1);
                return true;
            case ConsoleKey.RightArrow:
            case ConsoleKey.F when control:
                Cursor = Math.Min(Text.Length, Cursor + 1);
                return true;
            case ConsoleKey.Home:
            case ConsoleKey.A when control:
                Cursor = 0;
                return true;
            case ConsoleKey.End:
            case ConsoleKey.E when control:
                Cursor = Text.Length;
                return true;
            case ConsoleKey.UpArrow:
                Recall(_recalled - 1);
                return true;
            case ConsoleKey.DownArrow:
                Recall(_recalled + 1);
                return true;
            case ConsoleKey.U when control:
                Replace(Text[Cursor..], 0);
                return true;
            case ConsoleKey.K when control:
                Replace(Text[..Cursor], Cursor);
                return true;
            case ConsoleKey.W when control:
                var start = Text.AsSpan(0, Cursor).TrimEnd().LastIndexOf(' ') + 1;
                Replace(Text.Remove(start, Cursor - start), start);
                return true;
            default:
                return !char.IsControl(key.KeyChar) && key.KeyChar != '\0' && Insert(key.KeyChar.ToString());
        }
    }

    /// <summary>Puts text at the cursor.</summary>
    public bool Insert(string text)
    {
        Replace(Text.Insert(Cursor, text), Cursor + text.Length);
        return true;
    }

    private void Replace(string text, int cursor) => (Text, Cursor) = (text, cursor);

    private void Recall(int index)
    {
        if (index < 0 || index > history.Count)
        {
            return;
        }

        if (_recalled == history.Count)
        {
            _draft = Text;
        }

        _recalled = index;
        var text = index == history.Count ? _draft : history[index];
        Replace(text, text.Length);
    }
}
