namespace Strongroom.Node.CommandLine;

/// <summary>What strongroom-hsm --help shows.</summary>
internal static class Usage
{
    private const string Text = """
        strongroom-hsm: one HSM of a Strongroom cluster, in one process. "strongroom up" starts it for you.

        strongroom-hsm create --state DIRECTORY --hsm ID --address IP --store FILE --root-of-trust file|passphrase [--passphrase-stdin]
            Draws the identity of a new HSM. The passphrase is asked for on the terminal.
        strongroom-hsm run --state DIRECTORY [--exit-with-parent]
            Serves. With --exit-with-parent it stops when its standard input ends. It starts with a cleared environment only.
        strongroom-hsm unseal --state DIRECTORY [--passphrase-stdin]
            Hands the passphrase to the HSM that runs on this directory.
        strongroom-hsm restore --state DIRECTORY --backup FILE [--root-key FILE] [--passphrase-stdin]
            Hands a backup, and what opens it, to the blank HSM that runs on this directory. "strongroom restore" calls it for you.

        Example:
          strongroom-hsm unseal --state .strongroom/hsms/hsm-abcdefghijk
        """;

    /// <summary>Prints it.</summary>
    /// <returns>exit code 0</returns>
    public static int Print(TextWriter to)
    {
        to.WriteLine(Text);
        return 0;
    }
}
