namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>A DIR that <c>./strongroom quickstart</c> made.</summary>
public class QuickstartDeployment : Deployment
{
    public QuickstartDeployment()
        : this([])
    {
    }

    protected QuickstartDeployment(params string[] options)
    {
        try
        {
            Quickstart = Strongroom(["quickstart", .. options]).MustSucceed();
            Variables = ReadVariables();

            // The one that programs are tested with has a key of each kind, known to the program or not.
            if (GetType() == typeof(QuickstartDeployment))
            {
                KeysOfEveryKind.Make(this, Pin);
            }
        }
        catch
        {
            // Nobody disposes what was never made; what runs already must not stay.
            Dispose();
            throw;
        }
    }

    /// <summary>What quickstart showed.</summary>
    public Finished Quickstart { get; }

    /// <summary>The environment of a shell that has sourced DIR/env.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    public string Pin => Variables["STRONGROOM_PIN"];

    public string Module => Variables["STRONGROOM_PKCS11_MODULE"];

    public string TokenLabel => Variables["STRONGROOM_TOKEN_LABEL"];

    /// <summary>Runs pkcs11-tool with our module, not logged in.</summary>
    public Finished Pkcs11(params string[] arguments) => Programs.Run("pkcs11-tool", ["--module", Module, .. arguments], Variables);

    /// <summary>Runs pkcs11-tool with our module, logged in as the crypto user.</summary>
    public Finished Pkcs11LoggedIn(params string[] arguments) => Pkcs11(["--token-label", TokenLabel, "--login", "--pin", "env:STRONGROOM_PIN", .. arguments]);

    private Dictionary<string, string> ReadVariables() =>
        Programs.Run("/bin/sh", ["-c", $". '{Dir}/env' && exec env -0"]).MustSucceed().Output
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
}
