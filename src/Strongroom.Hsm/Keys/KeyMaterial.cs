using System.Buffers;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Keys;

/// <summary>
/// A key that is open for use: its bytes are in the locked arena or in libcrypto's own key object. Any number of threads may use one at once.
/// It is counted: the maker holds the first reference, and <see cref="Dispose"/> gives that one back; whoever else keeps it over a call takes one with <see cref="TryRetain"/> and gives it
/// back with <see cref="Release"/>. So a cache may drop a key that an operation still uses.
/// </summary>
public abstract class KeyMaterial : IDisposable
{
    private int _references = 1;

    /// <summary>Secret, private or public key.</summary>
    public abstract ObjectClass Class { get; }

    public abstract KeyType Type { get; }

    /// <summary>Bits of the value, the modulus or the order.</summary>
    public abstract int Bits { get; }

    /// <summary>What the owner stores sealed, and <see cref="KeyEncoding.Open"/> opens; for a public key nothing in it is secret.</summary>
    public abstract SecretBuffer Encode();

    /// <summary>What leaves under a wrapping key: the value itself, or PKCS#8 for a private key.</summary>
    /// <returns>CKR_KEY_NOT_WRAPPABLE for a public key.</returns>
    public abstract Outcome<SecretBuffer> EncodeForWrapping();

    /// <summary>The attributes that follow from the key and are no secret (CKA_MODULUS, CKA_EC_POINT, CKA_VALUE_LEN, CKA_PUBLIC_KEY_INFO …), as PKCS#11 lays them out. For a private key its public half.</summary>
    public abstract RawAttribute[] PublicAttributes();

    /// <summary>One component, secret ones included: who may read it has been judged before.</summary>
    /// <param name="type">CKA_VALUE, CKA_PRIVATE_EXPONENT and so on.</param>
    /// <param name="output">Takes the value.</param>
    /// <returns>CKR_ATTRIBUTE_TYPE_INVALID if a key of this kind has no such component.</returns>
    public abstract Outcome Read(AttributeType type, IBufferWriter<byte> output);

    /// <summary>CKA_CHECK_VALUE, 3 bytes; null where CloudHSM has none (generic secrets).</summary>
    public abstract byte[]? CheckValue();

    /// <summary>Takes one more reference.</summary>
    /// <returns>False if the last one has been given back: open the key again.</returns>
    public bool TryRetain()
    {
        var seen = Volatile.Read(ref _references);
        while (seen > 0)
        {
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Gives one reference back; the last one clears the key.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            Clear();
        }
    }

    /// <summary>Gives the maker's reference back.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Zeroes and frees. Called once.</summary>
    protected abstract void Clear();

    /// <summary>A CK_ULONG as PKCS#11 lays it out.</summary>
    protected static RawAttribute Number(AttributeType type, int value) => new(type, BitConverter.GetBytes((ulong)value));
}
