namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>The openssl program of the system: the judge of what our HSM made.</summary>
public static class OpenSslCommand
{
    public static Finished Run(params string[] arguments) => Programs.Run("openssl", arguments);
}
