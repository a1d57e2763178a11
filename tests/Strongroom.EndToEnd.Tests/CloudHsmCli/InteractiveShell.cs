using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>cloudhsm-cli interactive, driven through pipes: one command after the other under one login. Answers to its questions are lines too.</summary>
internal sealed class InteractiveShell : IDisposable
{
    private readonly Process _process;

    public InteractiveShell(QuickstartDeployment deployment, string? configuration = null)
    {
        var start = new ProcessStartInfo(CommandLine.Executable, ["interactive"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in deployment.Variables)
        {
            start.Environment[name] = value;
        }

        if (configuration is not null)
        {
            start.Environment["STRONGROOM_CLI_CONFIG"] = configuration;
        }

        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
    }

    public void LogIn(string role, string pin)
    {
        var parts = pin.Split(':', 2);
        Data("login", "--username", parts[0], "--role", role, "--password", parts[1]);
    }

    /// <summary>A command that must succeed.</summary>
    public JsonElement Data(params string[] words) => Data(words, []);

    /// <summary>The same, with answers to what it asks.</summary>
    public JsonElement Data(string[] words, params string[] answers)
    {
        var answer = Run(words, answers);
        Assert.True(answer.GetProperty("error_code").GetInt32() == 0, $"{string.Join(' ', words)}: {answer}");
        return answer.GetProperty("data");
    }

    /// <summary>A command that writes a file, waits for its user to do something with it, and then asks.</summary>
    public JsonElement Asking(string[] words, string file, Action whenThere, params string[] answers)
    {
        var answer = Ask(words, file, whenThere, answers);
        Assert.True(answer.GetProperty("error_code").GetInt32() == 0, $"{string.Join(' ', words)}: {answer}");
        return answer.GetProperty("data");
    }

    /// <summary>The same, to be refused.</summary>
    /// <returns>the message</returns>
    public string AskingRefused(string[] words, string file, Action whenThere, params string[] answers)
    {
        var answer = Ask(words, file, whenThere, answers);
        Assert.True(answer.GetProperty("error_code").GetInt32() == 1, $"{string.Join(' ', words)}: {answer}");
        return answer.GetProperty("data").GetString()!;
    }

    private JsonElement Ask(string[] words, string file, Action whenThere, string[] answers)
    {
        Send([string.Join(' ', words)]);
        Waiting.Until(() => File.Exists(file) && File.ReadAllText(file).TrimEnd().EndsWith('}'), $"{file} written");
        whenThere();
        Send(answers);
        return Read();
    }

    /// <summary>A command that must be refused.</summary>
    /// <returns>the message</returns>
    public string Refused(params string[] words)
    {
        var answer = Run(words, []);
        Assert.True(answer.GetProperty("error_code").GetInt32() == 1, $"{string.Join(' ', words)}: {answer}");
        return answer.GetProperty("data").GetString()!;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    // An answer is one JSON object, which ends with a brace in the first column.
    private JsonElement Run(string[] words, string[] answers)
    {
        Send([string.Join(' ', words), .. answers]);
        return Read();
    }

    private void Send(string[] lines)
    {
        foreach (var line in lines)
        {
            _process.StandardInput.WriteLine(line);
        }

        _process.StandardInput.Flush();
    }

    private JsonElement Read()
    {
        var text = new StringBuilder();
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            text.AppendLine(line);
            if (line == "}")
            {
                return JsonDocument.Parse(text.ToString()).RootElement;
            }
        }

        throw new InvalidOperationException($"cloudhsm-cli ended: {text}");
    }
}
