namespace Strongroom.EndToEnd.Tests.Machine;

/// <summary>A quickstarted deployment whose cluster is in FIPS mode.</summary>
public sealed class FipsDeployment() : QuickstartDeployment("--mode", "FIPS");
