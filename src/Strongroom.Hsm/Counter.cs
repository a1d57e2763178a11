namespace Strongroom.Hsm;

/// <summary>One counter or gauge.</summary>
/// <param name="Name">Its name at /metrics, labels included: strongroom_operations_total{use="sign",mechanism="CKM_ECDSA",result="ok"}.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsGauge">Whether it may fall.</param>
public readonly record struct Counter(string Name, ulong Value, bool IsGauge = false);
