using System.Numerics;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// CKM_DES3_KEY_GEN, PKCS#11 3.2, 6.16.3. 24 random bytes, each with odd parity as SP 800-67 2 has it; the length is the type's own. NON_FIPS only.
public sealed class Des3KeyGen : Mechanism
{
    private const int Size = 24;

    public override ulong Number => 0x131;

    public override string Name => "CKM_DES3_KEY_GEN";

    public override MechanismFlags Flags => MechanismFlags.Generate;

    public override KeySizes KeySizes => KeySizes.Des3;

    public override Approval Approval => Approval.None;

    public override KeyType? GeneratedType => KeyType.Des3;

    protected override Outcome<KeyMaterial> GenerateKeyChecked(in MechanismCall call, ReadOnlySpan<RawAttribute> template, ClusterMode mode)
    {
        var value = SecretBuffer.Random(Size);
        foreach (ref var octet in value.Span)
        {
            octet ^= (byte)(~BitOperations.PopCount(octet) & 1);
        }

        return new SecretKey(KeyType.Des3, value);
    }
}
