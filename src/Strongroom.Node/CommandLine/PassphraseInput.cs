using System.Security.Cryptography;
using System.Text;

namespace Strongroom.Node.CommandLine;

/// <summary>Reads a passphrase from the terminal without echo, or from a pipe, into pinned memory that its user wipes.</summary>
internal static class PassphraseInput
{
    private const int Longest = 1024;

    /// <summary>Asks, or reads the first line of standard input.</summary>
    /// <param name="fromPipe">read standard input to its first line feed or end</param>
    /// <param name="prompt">shown on standard error</param>
    /// <exception cref="UsageException">there is no terminal, nothing was given, or more than 1024 bytes</exception>
    public static Memory<byte> Read(bool fromPipe, string prompt)
    {
        var bytes = GC.AllocateArray<byte>(Longest + 4, pinned: true);
        if (!fromPipe && Console.IsInputRedirected)
        {
            throw new UsageException("there is no terminal to ask for the passphrase; give it on standard input with --passphrase-stdin");
        }

        var length = fromPipe ? FromPipe(bytes) : FromTerminal(bytes, prompt);
        return length is > 0 and <= Longest ? bytes.AsMemory(0, length) : throw new UsageException(length == 0 ? "no passphrase was given" : $"a passphrase has at most {Longest} bytes");
    }

    /// <summary>Asks twice, since nobody can recover a passphrase that was mistyped.</summary>
    public static Memory<byte> ReadNew(bool fromPipe)
    {
        var first = Read(fromPipe, "New passphrase: ");
        if (fromPipe)
        {
            return first;
        }

        var second = Read(fromPipe, "The same again: ");
        var isSame = CryptographicOperations.FixedTimeEquals(first.Span, second.Span);
        CryptographicOperations.ZeroMemory(second.Span);
        return isSame ? first : throw new UsageException("the two passphrases differ");
    }

    private static int FromPipe(byte[] bytes)
    {
        using var input = Console.OpenStandardInput();
        var length = 0;
        while (length < bytes.Length)
        {
            var next = input.ReadByte();
            if (next is < 0 or '\n')
            {
                break;
            }

            bytes[length++] = (byte)next;
        }

        return length;
    }

    private static int FromTerminal(byte[] bytes, string prompt)
    {
        Console.Error.Write(prompt);
        var length = 0;
        var starts = new Stack<int>();
        Span<char> character = stackalloc char[1];
        while (length <= Longest)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                break;
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                length = starts.TryPop(out var start) ? start : 0;
            }
            else if (key.KeyChar != '\0')
            {
                starts.Push(length);
                character[0] = key.KeyChar;
                length += Encoding.UTF8.GetBytes(character, bytes.AsSpan(length));
            }
        }

        Console.Error.WriteLine();
        return length;
    }
}
