namespace Strongroom.Hsm;

/// <summary>What C_GetTokenInfo tells.</summary>
/// <param name="Label">Token label, "hsm1" as CloudHSM's.</param>
/// <param name="Model">At most 16 bytes.</param>
/// <param name="Serial">At most 16 bytes, of the cluster's id.</param>
/// <param name="Flags">CKF_… of CK_TOKEN_INFO.</param>
/// <param name="MaxSessions">Sessions that one instance may have open.</param>
/// <param name="Sessions">Sessions that this instance has open.</param>
/// <param name="ReadWriteSessions">Of them, those that may write.</param>
/// <param name="MinPin">Bytes of the shortest "user:password".</param>
/// <param name="MaxPin">Bytes of the longest.</param>
/// <param name="FirmwareVersion">The software's version.</param>
/// <param name="Now">The HSM's clock.</param>
public sealed record TokenInfo(string Label, string Model, string Serial, ulong Flags, int MaxSessions, int Sessions, int ReadWriteSessions, int MinPin, int MaxPin,
    Version FirmwareVersion, DateTimeOffset Now);
