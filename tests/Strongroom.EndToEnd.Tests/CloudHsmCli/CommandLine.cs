using System.Text.Json;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>cloudhsm-cli as a script runs it: one command a process, the login in the environment.</summary>
internal sealed class CommandLine(QuickstartDeployment deployment)
{
    public static readonly string Executable = Path.Combine(Programs.Repository, "artifacts", "strongroom", "cloudhsm-cli");

    /// <summary>The quickstart's crypto user.</summary>
    public JsonElement AsUser(params string[] arguments) => Data(Run(arguments, null, null));

    /// <summary>The quickstart's admin.</summary>
    public JsonElement AsAdmin(params string[] arguments) => Data(Run(arguments, "admin", AdminPin));

    public string AdminPin => "admin:" + File.ReadAllText(Path.Combine(deployment.Dir, "customer", "admin.password")).Trim();

    /// <summary>Runs a command that must fail as AWS's does: one JSON object on standard output, exit status 1.</summary>
    /// <returns>the message</returns>
    public string Refused(string[] arguments, string? role = null, string? pin = null)
    {
        var finished = Run(arguments, role, pin);
        Assert.True(finished.ExitCode == 1, $"exit code {finished.ExitCode}: {finished.Output}{finished.Errors}");
        var answer = JsonDocument.Parse(finished.Output).RootElement;
        Assert.Equal(1, answer.GetProperty("error_code").GetInt32());
        return answer.GetProperty("data").GetString()!;
    }

    public Finished Run(string[] arguments, string? role, string? pin)
    {
        var environment = new Dictionary<string, string>(deployment.Variables);
        environment["CLOUDHSM_ROLE"] = role ?? environment["CLOUDHSM_ROLE"];
        environment["CLOUDHSM_PIN"] = pin ?? environment["CLOUDHSM_PIN"];
        return Programs.Run(Executable, arguments, environment);
    }

    /// <summary>The data of an answer that must be good.</summary>
    public static JsonElement Data(Finished finished)
    {
        var answer = JsonDocument.Parse(finished.MustSucceed().Output).RootElement;
        Assert.Equal(0, answer.GetProperty("error_code").GetInt32());
        return answer.GetProperty("data");
    }
}
