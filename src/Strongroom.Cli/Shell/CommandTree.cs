using System.CommandLine;
using System.CommandLine.Help;
using Strongroom.Cli.Attestation;
using Strongroom.Cli.Audit;
using Strongroom.Cli.Clusters;
using Strongroom.Cli.Crypto;
using Strongroom.Cli.Importing;
using Strongroom.Cli.Interactive;
using Strongroom.Cli.Keys;
using Strongroom.Cli.Logins;
using Strongroom.Cli.Quorum;
using Strongroom.Cli.Users;

namespace Strongroom.Cli.Shell;

/// <summary>Every command, on one screen. Help, completion and the tests' walk over all commands derive from it.</summary>
internal static class CommandTree
{
    /// <summary>The commands of one run of the program.</summary>
    public static RootCommand Create(CommandShell shell)
    {
        var root = new RootCommand("Manage the users and keys of a cluster.")
        {
            Group("audit", "The audit log of the cluster's HSM",
                ListEventsCommand.Create(shell), FollowEventsCommand.Create(shell), ExportLogCommand.Create(shell), VerifyLogCommand.Create(shell)),
            Group("cluster", "The cluster and its HSMs", Group("mtls", "Clients known by their certificates", MtlsCommands.CreateAll(shell)), ActivateCommand.Create(shell), HsmInfoCommand.Create(shell), HealthCommand.Create(shell),
                Group("certificate", "The cluster's certificate", CertificateCommands.CreateAll(shell)),
                Group("setting", "What an admin may change about the cluster", SettingCommand.CreateAll(shell))),
            Group("completion", "Files that make a shell complete commands and options", CompletionCommand.CreateAll(shell)),
            Group("crypto", "Use keys",
                Group("sign", "Sign data with a private key", SignCommand.CreateAll(shell)),
                Group("verify", "Verify a signature with a public key", VerifyCommand.CreateAll(shell))),
            Group("key", "Manage keys",
                AttestCommand.Create(shell),
                DeleteKeyCommand.Create(shell),
                ExportKeyCommand.Create(shell),
                GenerateFileCommand.Create(shell),
                Group("generate-symmetric", "Generate a secret key", GenerateSymmetricCommand.CreateAll(shell)),
                Group("generate-asymmetric-pair", "Generate a key pair", GeneratePairCommand.CreateAll(shell)),
                Group("import", "Bring a key into the cluster", [ImportPemCommand.Create(shell), .. ImportKeyCommands.CreateAll(shell)]),
                FindKeysCommand.Create(shell),
                ListKeysCommand.Create(shell),
                SetAttributeCommand.Create(shell),
                ShareKeyCommand.Share(shell),
                ShareKeyCommand.Unshare(shell),
                Group("wrap", "Export a key, encrypted under another", WrapCommand.CreateAll(shell)),
                Group("unwrap", "Import a key that is encrypted under another", UnwrapCommand.CreateAll(shell))),
            LoginCommand.Create(shell),
            LogoutCommand.Create(shell),
            Group("quorum", "Approvals by several users",
                Group("token-sign", "Approvals by signed tokens",
                    [GenerateTokenCommand.Create(shell), TokenCommands.List(shell), TokenCommands.Delete(shell), .. SettingsCommands.CreateAll(shell)])),
            Group("user", "Manage users",
                CreateUserCommand.Create(shell),
                DeleteUserCommand.Create(shell),
                ListUsersCommand.Create(shell),
                ChangePasswordCommand.Create(shell),
                Group("change-mfa", "Change how a user logs in", ChangeMfaCommand.Create(shell)),
                Group("change-quorum", "Change how a user approves", Group("token-sign", "Approvals by signed tokens", ChangeQuorumCommand.Create(shell)))),
            InteractiveCommand.Create(shell),
        };
        CommandExamples.AddTo(root);
        root.Add(CommonOptions.ClusterId);
        root.Add(CommonOptions.Output);
        root.Options.OfType<VersionOption>().Single().Aliases.Add("-V");
        root.Options.OfType<HelpOption>().Single().Recursive = true;
        return root;
    }

    private static Command Group(string name, string description, params IEnumerable<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Add(command);
        }

        return group;
    }
}
