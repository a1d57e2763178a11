using System.Buffers.Binary;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>
/// The family of SP 800-108 derivations (PKCS#11 3.2, 6.42): blocks of a pseudo-random function (HMAC or AES-CMAC by libcrypto) over fields that the caller lays out: the iteration variable, a counter,
/// the length of what is derived, and bytes of its own (label, context, separator).
/// </summary>
public abstract class Sp800108Mechanism : Mechanism
{
    /// <summary>CK_PRF_DATA_PARAM's types.</summary>
    protected const ulong IterationVariable = 1, Counter = 2, DerivedLength = 3, ByteArray = 4;

    private const ulong SumOfKeys = 1, SumOfSegments = 2;
    private const int LongestCode = 64;

    public sealed override MechanismFlags Flags => MechanismFlags.Derive;

    public sealed override KeySizes KeySizes => KeySizes.Secret;

    /// <summary>Whether the iteration variable is the block before, and not the counter.</summary>
    protected abstract bool FeedsBack { get; }

    /// <summary>Whether the function goes with the key's type: HMAC takes generic secrets, AES-CMAC takes AES keys.</summary>
    protected virtual bool TakesKey(bool isCmac, KeyType type) => isCmac == (type == KeyType.Aes);

    /// <summary>The data parameters in the order in which they go into the function, by the standard's types; judged afterwards.</summary>
    protected virtual DerivationPart[] PartsOf(in MechanismCall call) => call.Parts ?? [];

    protected sealed override bool AcceptsKey(Use use, ObjectClass objectClass, KeyType type) => objectClass == ObjectClass.SecretKey && type is KeyType.GenericSecret or KeyType.Aes;

    protected sealed override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode)
    {
        var isCmac = call.Hash == AesCmacNumber;
        if (!isCmac && HashOf(call.Hash) is null)
        {
            return MechanismCauses.PrfUnknown;
        }

        if (!TakesKey(isCmac, key.Type))
        {
            return MechanismCauses.KeyType;
        }

        var parts = PartsOf(call);
        return parts.Count(part => part.Kind == IterationVariable) == 1 && parts.Count(part => part.Kind == Counter) <= (FeedsBack ? 1 : 0) && parts.Count(part => part.Kind == DerivedLength) <= 1
            && Array.TrueForAll(parts, IsValid) ? Outcome.Ok : MechanismCauses.Sp800108Layout;
    }

    protected sealed override Outcome<SecretBuffer> DeriveChecked(in MechanismCall call, KeyMaterial baseKey, int length)
    {
        var key = (SecretKey)baseKey;
        var size = call.Hash == AesCmacNumber ? 16 : HashOf(call.Hash)!.Size;
        var blocks = (length + size - 1) / size;
        var parts = PartsOf(call);
        if (Array.Exists(parts, part => part.Kind is IterationVariable or Counter && part.WidthInBits is > 0 and < 32 && blocks >= 1 << (int)part.WidthInBits))
        {
            return KeyCauses.LengthInvalid.On(AttributeType.ValueLen);
        }

        using var output = SecretBuffer.Allocate(blocks * size);
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        var before = call.Iv.GetValueOrDefault().Span;
        for (var block = 0; block < blocks; block++)
        {
            using var prf = call.Hash == AesCmacNumber ? MacStream.AesCmac(key.Value) : MacStream.Hmac(HashOf(call.Hash)!, key.Value);
            foreach (var part in parts)
            {
                prf.Update(part.Kind switch
                {
                    ByteArray => part.Value!.Value.Span,
                    IterationVariable when FeedsBack => before,
                    DerivedLength => Encode(number, part, 8UL * (ulong)(part.Method == SumOfKeys ? length : blocks * size)),
                    _ => Encode(number, part, (ulong)block + 1),
                });
            }

            var result = output.Span.Slice(block * size, size);
            prf.Finish(result);
            before = result;
        }

        return SecretBuffer.CopyOf(output.Span[..length]);
    }

    private const ulong AesCmacNumber = 0x108A;

    private static DigestAlgorithm? HashOf(ulong? prf) => (MechanismCatalog.Find(prf.GetValueOrDefault()) as HmacMechanism)?.PseudoRandomFunction;

    private static ReadOnlySpan<byte> Encode(Span<byte> buffer, DerivationPart part, ulong value)
    {
        var width = (int)part.WidthInBits / 8;
        if (part.LittleEndian)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(buffer, value);
            return buffer[..width];
        }

        BinaryPrimitives.WriteUInt64BigEndian(buffer, value);
        return buffer[^width..];
    }

    private bool IsValid(DerivationPart part) => part.Kind switch
    {
        ByteArray => part.Value is { Length: > 0 },
        IterationVariable when FeedsBack => part.WidthInBits == 0,
        IterationVariable or Counter => part.WidthInBits is 8 or 16 or 24 or 32,
        DerivedLength => part.WidthInBits is 8 or 16 or 24 or 32 or 40 or 48 or 56 or 64 && part.Method is SumOfKeys or SumOfSegments,
        _ => false,
    };
}
