using System.Runtime.InteropServices;

namespace Strongroom.Crypto.Binding;

// OSSL_PARAM of <openssl/core.h>: how OpenSSL 3 takes every parameter. Keys are UTF-8 literals, which live in the image and never move.
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OsslParam
{
    private const uint Integer = 1;
    private const uint UnsignedInteger = 2;
    private const uint Utf8String = 4;
    private const uint OctetString = 5;

    private byte* _key;
    private uint _type;
    private void* _data;
    private nuint _size;
    private nuint _returned;

    /// <summary>The end of an array of parameters.</summary>
    public static OsslParam End => default;

    /// <summary>An unsigned number of any length in native (little-endian) order.</summary>
    public static OsslParam Number(ReadOnlySpan<byte> key, byte* littleEndian, int length) => Make(key, UnsignedInteger, littleEndian, length);

    public static OsslParam UInt32(ReadOnlySpan<byte> key, uint* value) => Make(key, UnsignedInteger, value, sizeof(uint));

    public static OsslParam UInt64(ReadOnlySpan<byte> key, ulong* value) => Make(key, UnsignedInteger, value, sizeof(ulong));

    public static OsslParam Int32(ReadOnlySpan<byte> key, int* value) => Make(key, Integer, value, sizeof(int));

    /// <summary>Text that ends in a zero byte, which is not counted.</summary>
    public static OsslParam Text(ReadOnlySpan<byte> key, byte* value, int length) => Make(key, Utf8String, value, length);

    /// <summary>Text from a UTF-8 literal.</summary>
    public static OsslParam Text(ReadOnlySpan<byte> key, ReadOnlySpan<byte> literal) =>
        Make(key, Utf8String, System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal)), literal.Length);

    public static OsslParam Octets(ReadOnlySpan<byte> key, byte* value, int length) => Make(key, OctetString, value, length);

    private static OsslParam Make(ReadOnlySpan<byte> key, uint type, void* data, int size) => new()
    {
        _key = (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(key)),
        _type = type,
        _data = data,
        _size = (nuint)size,
        _returned = nuint.MaxValue,
    };
}
