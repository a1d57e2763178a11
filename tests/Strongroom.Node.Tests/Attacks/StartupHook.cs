#pragma warning disable CA1050 // the runtime looks for it outside of any namespace

/// <summary>What DOTNET_STARTUP_HOOKS runs before Main.</summary>
internal static class StartupHook
{
    public const string MarkerVariable = "STARTUP_HOOK_MARKER";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(MarkerVariable) is { } marker)
        {
            File.WriteAllText(marker, "was here");
        }
    }
}
