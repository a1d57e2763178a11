namespace Strongroom.Hsm.Mechanisms;

/// <summary>What C_GetMechanismInfo tells, and the parameter's shape.</summary>
/// <param name="Number">CK_MECHANISM_TYPE.</param>
/// <param name="MinKeySize">In the mechanism's own unit.</param>
/// <param name="MaxKeySize">In the mechanism's own unit.</param>
/// <param name="Flags">CKF_… of CK_MECHANISM_INFO.</param>
/// <param name="Shape">How a client marshals the parameter.</param>
/// <param name="Multipart">Whether it works in parts.</param>
public sealed record MechanismDetail(ulong Number, ulong MinKeySize, ulong MaxKeySize, ulong Flags, ParameterShape Shape, bool Multipart);
