namespace Strongroom.Server.Ceremony;

/// <summary>The two roots of an HSM's identity: who owns the hardware, and who built it (CloudHSM: AWS and the manufacturer).</summary>
public enum RootKind
{
    Owner,
    Manufacturer,
}
