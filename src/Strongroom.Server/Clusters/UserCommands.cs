using System.CommandLine;
using System.Text.Json;
using Strongroom.Server.ControlPlane;
using Strongroom.Server.Deployment;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Clusters;

/// <summary>The users of a cluster. Passwords are asked for, read from files, or from a pipe: first the one of who does it, then the new one, a line each.</summary>
internal static class UserCommands
{
    private static readonly Option<string> Name = new("--name") { Description = "the user", HelpName = "USER", Required = true };
    private static readonly Option<string> UserRole = MakeRole("--role", "the user's role", "crypto-user");
    private static readonly Option<string> As = new("--as") { Description = "who does it", HelpName = "USER", DefaultValueFactory = _ => "admin" };
    private static readonly Option<string> AsRole = MakeRole("--as-role", "the role of who does it", "admin");
    private static readonly Option<string?> AsPasswordFile = new("--as-password-file") { Description = "file whose first line is the password of who does it", HelpName = "FILE" };
    private static readonly Option<string?> PasswordFile = new("--password-file") { Description = "file whose first line is the user's new password", HelpName = "FILE" };

    public static IEnumerable<Command> Create()
    {
        Option[] actor = [CommandLineOptions.Directory, ClusterCommand.Cluster, As, AsRole, AsPasswordFile];
        yield return CommandLineOptions.Command("create-user", "Create a user; by an admin.", "strongroom cluster create-user --name app --role crypto-user", CreateAsync, [.. actor, Name, UserRole, PasswordFile]);
        yield return CommandLineOptions.Command("list-users", "List the users; anyone may.", "strongroom cluster list-users --json", ListAsync, CommandLineOptions.Directory, ClusterCommand.Cluster, CommandLineOptions.Json);
        yield return CommandLineOptions.Command("delete-user", "Delete a user that owns no keys; by an admin.", "strongroom cluster delete-user --name app --role crypto-user", DeleteAsync, [.. actor, Name, UserRole]);
        yield return CommandLineOptions.Command("change-password", "Set a user's password, which ends its logins; by an admin, or by the user (--as).", "strongroom cluster change-password --name app --role crypto-user", ChangePasswordAsync, [.. actor, Name, UserRole, PasswordFile]);
    }

    private static async Task<int> CreateAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var users = await LoginAsync(parsed, cancel).ConfigureAwait(false);
        var (name, role) = (parsed.GetValue(Name)!, parsed.GetValue(UserRole)!);
        await users.CreateAsync(name, RoleName.Parse(role), SecretInput.Read(parsed.GetValue(PasswordFile), $"New password of {name}", confirm: true), cancel).ConfigureAwait(false);
        Screen.Done($"created the {role} {name}");
        return 0;
    }

    private static async Task<int> DeleteAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var users = await LoginAsync(parsed, cancel).ConfigureAwait(false);
        var (name, role) = (parsed.GetValue(Name)!, parsed.GetValue(UserRole)!);
        await users.DeleteAsync(name, RoleName.Parse(role), cancel).ConfigureAwait(false);
        Screen.Done($"deleted the {role} {name}");
        return 0;
    }

    private static async Task<int> ChangePasswordAsync(ParseResult parsed, CancellationToken cancel)
    {
        await using var users = await LoginAsync(parsed, cancel).ConfigureAwait(false);
        var (name, role) = (parsed.GetValue(Name)!, parsed.GetValue(UserRole)!);
        await users.ChangePasswordAsync(name, RoleName.Parse(role), SecretInput.Read(parsed.GetValue(PasswordFile), $"New password of {name}", confirm: true), cancel).ConfigureAwait(false);
        Screen.Done($"changed the password of the {role} {name}; its logins have ended");
        return 0;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancel)
    {
        var clusters = new ClusterControl(parsed.Layout());
        await using var users = await ClusterUsers.AnonymousAsync(clusters, clusters.Find(parsed.GetValue(ClusterCommand.Cluster)), cancel).ConfigureAwait(false);
        var list = await users.ListAsync(cancel).ConfigureAwait(false);
        if (parsed.GetValue(CommandLineOptions.Json))
        {
            Screen.Line(JsonSerializer.Serialize(list, ServerJson.Default.UserDescriptionArray));
        }
        else
        {
            Screen.Table(["user", "role", "locked"], [.. list.Select(user => new Cell[] { user.Name, user.Role, new(user.Locked ? "yes" : "no", user.Locked ? Tone.Bad : Tone.Neutral) })]);
        }

        return 0;
    }

    private static Task<ClusterUsers> LoginAsync(ParseResult parsed, CancellationToken cancel)
    {
        var clusters = new ClusterControl(parsed.Layout());
        var cluster = clusters.Find(parsed.GetValue(ClusterCommand.Cluster));
        var name = parsed.GetValue(As)!;
        return ClusterUsers.LoginAsync(clusters, cluster, RoleName.Parse(parsed.GetValue(AsRole)!), name, SecretInput.Read(parsed.GetValue(AsPasswordFile), $"Password of {name}"), cancel);
    }

    private static Option<string> MakeRole(string name, string description, string usual) =>
        new Option<string>(name) { Description = description, HelpName = "ROLE", DefaultValueFactory = _ => usual }.AcceptOnlyFromAmong(RoleName.Creatable);
}
