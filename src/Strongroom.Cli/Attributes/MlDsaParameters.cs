namespace Strongroom.Cli.Attributes;

/// <summary>CKA_PARAMETER_SET of an ML-DSA key (PKCS#11 3.2, CKP_ML_DSA_…) under CloudHSM's name.</summary>
internal sealed record MlDsaParameters(string Name, ulong Number)
{
    public static IReadOnlyList<MlDsaParameters> All { get; } = [new("ML-DSA-44", 1), new("ML-DSA-65", 2), new("ML-DSA-87", 3)];
}
