using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Clusters;

/// <summary>
/// cluster activate: sets the first admin's password. CloudHSM lets whoever comes first do it; here it takes the one-time code that the cluster's birth showed,
/// from --activation-code, from STRONGROOM_ACTIVATION_CODE, or asked for.
/// </summary>
internal static class ActivateCommand
{
    private const string CodeVariable = "STRONGROOM_ACTIVATION_CODE";
    private static readonly Option<string?> Password = CommonOptions.Password("the admin's password; asked for twice if absent");
    private static readonly Option<string?> Code = new("--activation-code") { Description = $"the one-time code of the cluster's birth; else {CodeVariable}, else asked for", HelpName = "CODE" };

    public static Command Create(CommandShell shell) => shell.Define("activate", "Set the first admin's password", RunAsync, Password, Code);

    private static async Task<JsonNode> RunAsync(Call call)
    {
        var cluster = call.Cluster();
        if ((await cluster.Client.GetClusterInfoAsync(call.Cancel).ConfigureAwait(false)).State == (ulong)HsmState.Active)
        {
            throw new CommandRefusedException("The cluster is already active");
        }

        var given = call.Get(Code) ?? call.Shell.Variable(CodeVariable);
        var code = given is null ? call.Prompt.Password("Enter the one-time activation code") : Encoding.UTF8.GetBytes(given);
        var password = PasswordChoice.New(call.Prompt, call.Get(Password));
        try
        {
            await cluster.Client.ActivateAsync(code, password, call.Cancel).ConfigureAwait(false);
            return JsonValue.Create("Cluster activation successful");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(code);
            CryptographicOperations.ZeroMemory(password);
        }
    }
}
