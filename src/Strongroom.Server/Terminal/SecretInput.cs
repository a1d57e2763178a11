using System.Security.Cryptography;
using System.Text;

namespace Strongroom.Server.Terminal;

/// <summary>
/// Takes a password or code: from a file, from a pipe, or typed without echo. Never from the command line, which everyone on the machine can read.
/// The bytes are the caller's to clear.
/// </summary>
internal static class SecretInput
{
    private const int LongestSecret = 1024;

    /// <summary>The first line of <paramref name="file"/>; without a file, of the pipe on standard input; on a terminal it is asked for.</summary>
    /// <param name="file">path, or null</param>
    /// <param name="prompt">what is asked for, e.g. "Password of admin"</param>
    /// <param name="confirm">whether it is typed twice, because it is new</param>
    /// <returns>UTF-8, without the line's end</returns>
    public static byte[] Read(string? file, string prompt, bool confirm = false)
    {
        if (file is not null)
        {
            using var stream = Open(file);
            return FirstLine(stream, file);
        }

        if (Console.IsInputRedirected)
        {
            // Byte by byte and never further than the line: the next secret of the same pipe belongs to the next question.
            return FirstLine(Console.OpenStandardInput(), "standard input");
        }

        var secret = Type(prompt);
        if (confirm)
        {
            var again = Type(prompt + ", again");
            var same = CryptographicOperations.FixedTimeEquals(secret, again);
            CryptographicOperations.ZeroMemory(again);
            if (!same)
            {
                CryptographicOperations.ZeroMemory(secret);
                throw new RefusalException("The two were not the same.", "Nothing was changed; try again.");
            }
        }

        return secret;
    }

    private static FileStream Open(string file)
    {
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RefusalException($"{file} can't be read: {error.Message}", inner: error);
        }
    }

    private static byte[] FirstLine(Stream stream, string origin)
    {
        var buffer = new byte[LongestSecret];
        var length = 0;
        for (int next; (next = stream.ReadByte()) >= 0 && next != '\n'; buffer[length++] = (byte)next)
        {
            if (length == LongestSecret)
            {
                throw new RefusalException($"The first line of {origin} is longer than {LongestSecret} bytes.");
            }
        }

        return Take(buffer, length > 0 && buffer[length - 1] == '\r' ? length - 1 : length, origin);
    }

    private static byte[] Type(string prompt)
    {
        Console.Error.Write(prompt + ": ");
        var typed = new char[LongestSecret / 4];
        var length = 0;
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                length = Math.Max(0, length - 1);
            }
            else if (key.KeyChar != '\0' && length < typed.Length)
            {
                typed[length++] = key.KeyChar;
            }
        }

        Console.Error.WriteLine();
        var buffer = Encoding.UTF8.GetBytes(typed, 0, length);
        Array.Clear(typed);
        return Take(buffer, buffer.Length, "what was typed");
    }

    private static byte[] Take(byte[] buffer, int length, string origin)
    {
        var secret = buffer.AsSpan(0, length).ToArray();
        CryptographicOperations.ZeroMemory(buffer);
        return length > 0 ? secret : throw new RefusalException($"There is no password: the first line of {origin} is empty.");
    }
}
