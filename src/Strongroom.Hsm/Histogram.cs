namespace Strongroom.Hsm;

/// <summary>How long something took, counted by classes.</summary>
/// <param name="Name">Its name at /metrics, without labels, in seconds.</param>
/// <param name="Labels">use="sign",mechanism="CKM_ECDSA"</param>
/// <param name="Bounds">The classes' upper bounds in seconds, rising; above the last there is one more class.</param>
/// <param name="Counts">How many fell into each class; one more than bounds.</param>
/// <param name="Sum">Of all, in seconds.</param>
public sealed record Histogram(string Name, string Labels, IReadOnlyList<double> Bounds, IReadOnlyList<ulong> Counts, double Sum);
