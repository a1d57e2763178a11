using System.Text.Json;
using System.Text.Json.Nodes;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.CloudHsmCli;

/// <summary>Interactive mode as a person uses it, on a terminal; and through a pipe.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class InteractiveTests(QuickstartDeployment deployment) : IDisposable
{
    private readonly Scratch _scratch = new();

    private string Password => deployment.Variables["CLOUDHSM_PIN"].Split(':', 2)[1];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Words_are_completed_lines_come_back_passwords_stay_hidden_and_help_helps()
    {
        using var terminal = new PseudoTerminal($"{CommandLine.Executable} interactive", deployment.Variables);
        terminal.Await("aws-cloudhsm > ");
        terminal.Type("key list\r");
        terminal.Await("Nobody is logged in");
        terminal.Type("login --username crypto_user --role crypto-user\r");
        terminal.Await("Enter password: ");
        terminal.Type(Password + "\r");
        terminal.Await("\"role\": \"crypto-user\"");

        terminal.Type("user li\t\r");
        terminal.Await("\"cluster-coverage\": \"full\"");
        terminal.Await("aws-cloudhsm > ");
        terminal.Type("key generate-\t\t");
        terminal.Await("generate-asymmetric-pair");
        terminal.Type("\u0015");
        terminal.Type("\u001b[A");
        terminal.Await("user list");
        terminal.Type("\r");
        terminal.Await("\"users\"");
        terminal.Type("help key\r");
        terminal.Await("generate-symmetric");
        terminal.Type("logout\r");
        terminal.Await("Logout successful");
        terminal.Type("quit\r");
        Assert.Equal(0, terminal.AwaitEnd());
        Assert.DoesNotContain(Password, terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void With_several_clusters_the_prompt_names_the_one_and_who_is_logged_in()
    {
        var document = JsonNode.Parse(File.ReadAllText(deployment.Variables["STRONGROOM_CLI_CONFIG"]))!;
        var first = document["clusters"]![0]!;
        var id = (string)first["cluster_id"]!;
        var second = first.DeepClone();
        second["cluster_id"] = "cluster-another2345";
        document["clusters"]!.AsArray().Add(second);
        var environment = new Dictionary<string, string>(deployment.Variables) { ["STRONGROOM_CLI_CONFIG"] = _scratch.Write("two.cfg", document.ToJsonString()) };

        using var terminal = new PseudoTerminal($"{CommandLine.Executable} interactive --cluster-id {id}", environment);
        terminal.Await(id + " > ");
        terminal.Type($"login --username crypto_user --role crypto-user --password {Password}\r");
        terminal.Await($"crypto_user@{id} > ");
        terminal.Type("quit\r");
        Assert.Equal(0, terminal.AwaitEnd());

        var finished = Programs.Run(CommandLine.Executable, ["user", "list"], environment);
        Assert.Equal(1, finished.ExitCode);
        Assert.Contains("cluster-another2345", JsonDocument.Parse(finished.Output).RootElement.GetProperty("data").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, Programs.Run(CommandLine.Executable, ["user", "list", "--cluster-id", id], environment).ExitCode);
    }

    [Fact]
    public void Lines_and_answers_come_through_a_pipe_too_and_the_last_status_is_the_exit_status()
    {
        var good = Programs.Run(CommandLine.Executable, ["interactive"], deployment.Variables, input: $"login --username crypto_user --role crypto-user\n{Password}\nkey list\nquit\n");
        Assert.Equal(0, good.ExitCode);
        Assert.Contains("total_key_count", good.Output, StringComparison.Ordinal);
        Assert.Equal(1, Programs.Run(CommandLine.Executable, ["interactive"], deployment.Variables, input: "key list\n").ExitCode);
    }

    [Fact]
    public void A_table_is_for_people_and_an_error_stays_json()
    {
        var table = Programs.Run(CommandLine.Executable, ["user", "list", "--output", "table"], deployment.Variables).MustSucceed().Output;
        Assert.Contains("username", table, StringComparison.Ordinal);
        Assert.Contains("│", table, StringComparison.Ordinal);
        Assert.Contains("\"error_code\": 1", Programs.Run(CommandLine.Executable, ["key", "delete", "--filter", "attr.label=none", "--output", "table"], deployment.Variables).Output, StringComparison.Ordinal);
    }
}
