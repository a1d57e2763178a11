using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>The family of generations whose key is random bytes (SP 800-133 4), as many as CKA_VALUE_LEN asks for.</summary>
public abstract class SecretKeyGeneration : Mechanism
{
    public sealed override MechanismFlags Flags => MechanismFlags.Generate;

    /// <summary>The fewest bytes in FIPS mode.</summary>
    protected abstract int MinApprovedLength { get; }

    protected sealed override Outcome<KeyMaterial> GenerateKeyChecked(in MechanismCall call, ReadOnlySpan<RawAttribute> template, ClusterMode mode)
    {
        var length = template.FindLength(AttributeType.ValueLen);
        if (!length.IsOk)
        {
            return length.Cause;
        }

        var type = GeneratedType!.Value;
        return SecretKey.IsLengthValid(type, length.Value) && (mode != ClusterMode.Fips || length.Value >= MinApprovedLength)
            ? new SecretKey(type, SecretBuffer.Random(length.Value))
            : KeyCauses.LengthInvalid.On(AttributeType.ValueLen);
    }
}
