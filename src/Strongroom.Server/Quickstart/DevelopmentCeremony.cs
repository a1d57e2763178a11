using Strongroom.Server.Ceremony;
using Strongroom.Server.Deployment;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Quickstart;

/// <summary>The roots of a development machine, made where the HSMs run.</summary>
internal static class DevelopmentCeremony
{
    public static void Hold(Layout layout)
    {
        var roots = new CeremonyRoots(layout.Ceremony);
        if (!roots.Exist)
        {
            roots.Create("Strongroom development", [], TimeProvider.System.GetUtcNow());
            Screen.Done($"a development ceremony ran on this machine: two roots in {layout.Ceremony}");
        }
    }
}
