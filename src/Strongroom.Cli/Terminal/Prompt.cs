using System.Security.Cryptography;
using System.Text;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Terminal;

/// <summary>Asks the user: on a terminal without echo where it is secret, from a pipe line by line. Questions go to standard error, so that standard output stays JSON.</summary>
/// <param name="input">where answers come from if not typed on a terminal</param>
/// <param name="questions">where questions go</param>
/// <param name="isTerminal">whether somebody types</param>
internal sealed class Prompt(TextReader input, TextWriter questions, bool isTerminal)
{
    private const int MaxLength = 4096;

    public static Prompt OfThisProcess() => new(Console.In, Console.Error, !Console.IsInputRedirected);

    /// <summary>A password. The bytes (UTF-8) are pinned and the caller's to clear.</summary>
    public byte[] Password(string question)
    {
        questions.Write($"{question}: ");
        var letters = isTerminal ? ReadHidden() : ReadFromPipe(question);
        try
        {
            if (isTerminal)
            {
                questions.WriteLine();
            }

            var bytes = GC.AllocateUninitializedArray<byte>(Encoding.UTF8.GetByteCount(letters), pinned: true);
            Encoding.UTF8.GetBytes(letters, bytes);
            return bytes;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(letters.AsSpan()));
        }
    }

    /// <summary>A new password, asked for twice.</summary>
    public byte[] NewPassword()
    {
        var password = Password("Enter password");
        var again = Password("Confirm password");
        var same = password.AsSpan().SequenceEqual(again);
        CryptographicOperations.ZeroMemory(again);
        if (!same)
        {
            CryptographicOperations.ZeroMemory(password);
            throw new CommandRefusedException("The passwords are not the same");
        }

        return password;
    }

    /// <summary>A line that is no secret.</summary>
    public string Line(string question)
    {
        questions.Write($"{question}: ");
        return input.ReadLine()?.Trim() ?? throw new CommandRefusedException($"Input ended before an answer to: {question}");
    }

    private char[] ReadFromPipe(string question) =>
        input.ReadLine()?.ToCharArray() ?? throw new CommandRefusedException($"Input ended before an answer to: {question}");

    private static char[] ReadHidden()
    {
        var letters = new char[MaxLength];
        var count = 0;
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                count = Math.Max(0, count - 1);
            }
            else if (key.KeyChar >= ' ' && count < MaxLength)
            {
                letters[count++] = key.KeyChar;
            }
        }

        var typed = letters[..count];
        Array.Clear(letters);
        return typed;
    }
}
