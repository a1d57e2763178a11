using System.Buffers;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

// Signatures from which the data comes back (PKCS#11 3.2, 5.14.5 and 5.16.5): made as any other of the scheme; the public key gives the data back instead of comparing it.
internal static class RsaRecovery
{
    public const MechanismFlags Flags = MechanismFlags.SignRecover | MechanismFlags.VerifyRecover;

    public static bool Accepts(Use use, ObjectClass objectClass, KeyType type) =>
        type == KeyType.Rsa && objectClass == (use == Use.SignRecover ? ObjectClass.PrivateKey : ObjectClass.PublicKey);

    public static OutputLength LengthOf(RsaKey key) => new(0, 0, 1, key.Size);

    public static Outcome<DrawnIv> Recover(in SignatureScheme scheme, RsaKey key, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        if (signature.Length != key.Size)
        {
            return MechanismCauses.SignatureLength;
        }

        if (!key.Evp.TryRecover(scheme, signature, output.Take(key.Size), out var written))
        {
            return MechanismCauses.SignatureInvalid;
        }

        output.Advance(written);
        return DrawnIv.None;
    }
}
