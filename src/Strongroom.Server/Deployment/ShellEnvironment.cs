namespace Strongroom.Server.Deployment;

/// <summary>DIR/env: what a shell sources to use the cluster. It holds a crypto user's password and so belongs to its owner alone.</summary>
internal static class ShellEnvironment
{
    /// <summary>Writes DIR/env for the crypto user whose <paramref name="pin"/> (<c>user:password</c>) applications log in with.</summary>
    public static void Write(Layout layout, string tokenLabel, string pin) => PrivateFile.Write(layout.EnvironmentFile, $"""
        # Written by strongroom quickstart. Use it with: . {Quote(layout.EnvironmentFile)}
        export STRONGROOM_DIR={Quote(layout.Root)}
        case ":$PATH:" in *":$STRONGROOM_DIR/bin:"*) ;; *) export PATH="$STRONGROOM_DIR/bin:$PATH" ;; esac
        export STRONGROOM_PKCS11_MODULE={Quote(InstalledPrograms.Pkcs11Module)}
        export STRONGROOM_PKCS11_CONFIG={Quote(ClientConfiguration.PathIn(layout))}
        export STRONGROOM_CLI_CONFIG="$STRONGROOM_PKCS11_CONFIG"
        export STRONGROOM_TOKEN_LABEL={Quote(tokenLabel)}
        export STRONGROOM_PIN={Quote(pin)}
        export CLOUDHSM_PIN="$STRONGROOM_PIN"
        export CLOUDHSM_ROLE=crypto-user

        """);

    /// <summary><paramref name="text"/> as one word of a POSIX shell.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || "/._-:=@%+,".Contains(c, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
