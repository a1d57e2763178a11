using System.Text;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Keys;

/// <summary>Words, quoted values and signs of a condition.</summary>
internal static class ConditionTokens
{
    /// <summary>Stands before a value that was quoted, so that 'and' can be a label.</summary>
    public const char Quoted = '\0';

    private const int MaxLength = 4096;
    private const string Signs = "()=!<>,";

    /// <summary>Whether a token is neither a word nor a quoted value.</summary>
    public static bool IsSign(string token) => Signs.Contains(token[0], StringComparison.Ordinal);

    public static IReadOnlyList<string> Split(string text)
    {
        if (text.Length > MaxLength)
        {
            throw new CommandRefusedException($"The condition is longer than {MaxLength} characters");
        }

        var tokens = new List<string>();
        for (var i = 0; i < text.Length;)
        {
            if (char.IsWhiteSpace(text[i]))
            {
                i++;
            }
            else if (text[i] is '\'' or '"')
            {
                tokens.Add(Quote(text, ref i));
            }
            else if (Signs.Contains(text[i], StringComparison.Ordinal))
            {
                var length = (text[i] is '=' or '!' or '<' or '>') && i + 1 < text.Length && text[i + 1] == '=' ? 2 : 1;
                tokens.Add(text.Substring(i, length));
                i += length;
            }
            else
            {
                var start = i;
                while (i < text.Length && !char.IsWhiteSpace(text[i]) && !Signs.Contains(text[i], StringComparison.Ordinal))
                {
                    i++;
                }

                tokens.Add(text[start..i]);
            }
        }

        return tokens;
    }

    // A doubled quotation mark inside is one.
    private static string Quote(string text, ref int at)
    {
        var mark = text[at++];
        var value = new StringBuilder().Append(Quoted);
        for (; at < text.Length; at++)
        {
            if (text[at] != mark)
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == mark)
            {
                value.Append(text[at++]);
            }
            else
            {
                at++;
                return value.ToString();
            }
        }

        throw new CommandRefusedException($"A quotation mark {mark} of the condition is not closed");
    }
}
