using System.Text;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Interactive;

/// <summary>Splits a line into words as a shell does: quotes hold words together, a backslash takes the next character as it is (inside double quotes only before " and \).</summary>
internal static class WordSplitter
{
    private const int MaxLine = 1 << 16;

    public static IReadOnlyList<string> Split(string line)
    {
        if (line.Length > MaxLine)
        {
            throw new CommandRefusedException($"The line is longer than {MaxLine} characters");
        }

        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && quote != '\'' && i + 1 < line.Length && (quote == '\0' || line[i + 1] is '"' or '\\'))
            {
                word.Append(line[++i]);
                inWord = true;
            }
            else if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(c);
                }
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                inWord = true;
            }
            else if (!char.IsWhiteSpace(c))
            {
                word.Append(c);
                inWord = true;
            }
            else if (inWord)
            {
                words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
        }

        if (quote != '\0')
        {
            throw new CommandRefusedException($"A quotation mark {quote} is not closed");
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
