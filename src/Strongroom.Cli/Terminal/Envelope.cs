using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.Cli.Shell;
using Strongroom.Client;

namespace Strongroom.Cli.Terminal;

/// <summary>What every command answers: {"error_code": 0, "data": …} and exit status 0, or {"error_code": 1, "data": "why"} and exit status 1.</summary>
internal static class Envelope
{
    // For a terminal and scripts, not for HTML: + and non-ASCII letters stay readable.
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Runs a command and prints its answer: the one place where refusals and failures are caught.</summary>
    public static async Task<int> RunAsync(CommandShell shell, ParseResult parsed, Func<Task<JsonNode>> command)
    {
        try
        {
            return Print(shell, parsed.GetValue(CommonOptions.Output) == CommonOptions.Table, 0, await command().ConfigureAwait(false));
        }
        catch (Exception e)
        {
            return Fail(shell, e);
        }
    }

    /// <summary>Runs a command that prints as it goes; only its refusal goes into the envelope.</summary>
    public static async Task<int> StreamAsync(CommandShell shell, Func<Task> command)
    {
        try
        {
            await command().ConfigureAwait(false);
            return 0;
        }
        catch (Exception e)
        {
            return Fail(shell, e);
        }
    }

    /// <summary>Prints why a command failed; what only helps to find the reason goes to standard error.</summary>
    /// <returns>the exit status, 1</returns>
    public static int Fail(CommandShell shell, Exception e)
    {
        var cause = Explain(e);
        if ((cause is null ? e.ToString() : e is HsmRefusedException refused ? RefusalText.Detail(refused) : null) is { } detail)
        {
            Console.Error.WriteLine(detail);
        }

        return Refuse(shell, cause ?? $"This program has a fault. Nothing is wrong with what you typed, and it is not known what was done: {e.GetType().Name}: {e.Message}");
    }

    /// <summary>Prints a refusal.</summary>
    /// <returns>the exit status, 1</returns>
    public static int Refuse(CommandShell shell, string cause) => Print(shell, asTable: false, 1, JsonValue.Create(cause));

    /// <summary>A JSON document as this program prints it.</summary>
    public static string Text(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Pretty))
        {
            node.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static int Print(CommandShell shell, bool asTable, int errorCode, JsonNode data)
    {
        if (asTable)
        {
            TableOutput.Write(shell.Output, data);
        }
        else
        {
            shell.Output.WriteLine(Text(new JsonObject { ["error_code"] = errorCode, ["data"] = data }));
        }

        shell.Output.Flush();
        return errorCode;
    }

    // Null: a fault of this program.
    private static string? Explain(Exception e) => e switch
    {
        CommandRefusedException => e.Message,
        HsmRefusedException refused => RefusalText.Of(refused),
        HsmUnreachableException or HsmNotTrustedException => e.Message,
        IOException or UnauthorizedAccessException => e.Message,
        OperationCanceledException => "Cancelled",
        _ => null,
    };
}
