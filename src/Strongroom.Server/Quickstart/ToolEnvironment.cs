using Strongroom.Server.Deployment;

namespace Strongroom.Server.Quickstart;

/// <summary>The variables of DIR/env, for the tools that quickstart runs itself.</summary>
internal static class ToolEnvironment
{
    public static IReadOnlyDictionary<string, string> For(Layout layout, string tokenLabel, string pin) => new Dictionary<string, string>
    {
        ["STRONGROOM_PKCS11_MODULE"] = InstalledPrograms.Pkcs11Module,
        ["STRONGROOM_PKCS11_CONFIG"] = ClientConfiguration.PathIn(layout),
        ["STRONGROOM_TOKEN_LABEL"] = tokenLabel,
        ["STRONGROOM_PIN"] = pin,
    };
}
