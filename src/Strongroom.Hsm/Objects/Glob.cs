namespace Strongroom.Hsm.Objects;

/// <summary>Patterns over bytes: * stands for any number of bytes, ? for one, a backslash takes the next byte as it is.</summary>
internal static class Glob
{
    private const byte Any = (byte)'*';
    private const byte One = (byte)'?';
    private const byte Escape = (byte)'\\';

    /// <summary>Whether the pattern describes the whole text. Steps: at most the product of both lengths.</summary>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0;
        int t = 0;
        int star = -1;
        int from = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == Any)
            {
                star = p++;
                from = t;
            }
            else if (Takes(pattern, p, text[t], out int width))
            {
                p += width;
                t++;
            }
            else if (star >= 0)
            {
                // The last star takes one byte more; earlier ones need never be tried again.
                p = star + 1;
                t = ++from;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == Any)
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static bool Takes(ReadOnlySpan<byte> pattern, int at, byte value, out int width)
    {
        width = 1;
        if (at >= pattern.Length)
        {
            return false;
        }

        if (pattern[at] == Escape && at + 1 < pattern.Length)
        {
            width = 2;
            return pattern[at + 1] == value;
        }

        return pattern[at] == One || pattern[at] == value;
    }
}
