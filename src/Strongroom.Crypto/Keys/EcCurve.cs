using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>A named curve (FIPS 186-5, SP 800-186).</summary>
public sealed unsafe class EcCurve
{
    private readonly int _nid;
    private nint _group;   // set once; a race makes two, of which one is never freed

    private EcCurve(byte number, string name, int bits, int nid, string oid, bool approved)
    {
        Number = number;
        Name = name;
        Bits = bits;
        _nid = nid;
        Oid = Convert.FromHexString(oid);
        Approved = approved;
        NativeName = (byte*)System.Runtime.InteropServices.Marshal.StringToCoTaskMemUTF8(name);
    }

    public static EcCurve P256 { get; } = new(1, "P-256", 256, 415, "06082A8648CE3D030107", approved: true);

    public static EcCurve P384 { get; } = new(2, "P-384", 384, 715, "06052B81040022", approved: true);

    public static EcCurve P224 { get; } = new(3, "P-224", 224, 713, "06052B81040021", approved: true);

    public static EcCurve P521 { get; } = new(4, "P-521", 521, 716, "06052B81040023", approved: true);

    /// <summary>SEC 2's Koblitz curve; SP 800-186 approves it for no use of ours.</summary>
    public static EcCurve Secp256k1 { get; } = new(5, "secp256k1", 256, 714, "06052B8104000A", approved: false);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<EcCurve> All { get; } = [P224, P256, P384, P521, Secp256k1];

    /// <summary>Its number in our own encodings of keys; never reused.</summary>
    public byte Number { get; }

    /// <summary>libcrypto's and NIST's name.</summary>
    public string Name { get; }

    /// <summary>Bits of the order.</summary>
    public int Bits { get; }

    /// <summary>The object identifier in DER: CKA_EC_PARAMS.</summary>
    public byte[] Oid { get; }

    /// <summary>Whether it may be used in FIPS mode.</summary>
    public bool Approved { get; }

    /// <summary>Bytes of a coordinate, and of a private scalar.</summary>
    public int Size => (Bits + 7) / 8;

    /// <summary>Bytes of an uncompressed point.</summary>
    public int PointSize => 1 + 2 * Size;

    internal byte* NativeName { get; }

    /// <summary>The curve of this object identifier, or null.</summary>
    public static EcCurve? FromOid(ReadOnlySpan<byte> der)
    {
        foreach (var curve in All)
        {
            if (der.SequenceEqual(curve.Oid))
            {
                return curve;
            }
        }

        return null;
    }

    /// <summary>The curve of libcrypto's group name (P-256, prime256v1 …), or null.</summary>
    public static EcCurve? FromGroupName(string name) => name switch
    {
        "prime256v1" or "P-256" => P256,
        "secp384r1" or "P-384" => P384,
        "secp224r1" or "P-224" => P224,
        "secp521r1" or "P-521" => P521,
        "secp256k1" => Secp256k1,
        _ => null,
    };

    /// <summary>The curve with this number of our own, or null.</summary>
    public static EcCurve? FromNumber(byte number) => All.FirstOrDefault(curve => curve.Number == number);

    /// <summary>Computes the public point of a private scalar.</summary>
    /// <param name="scalar">Little-endian, <see cref="Size"/> bytes.</param>
    /// <param name="point">Takes the uncompressed point, <see cref="PointSize"/> bytes.</param>
    /// <returns>False if the scalar is not between 1 and the order less one.</returns>
    public bool TryMultiplyBase(ReadOnlySpan<byte> scalar, Span<byte> point)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(scalar.Length, Size);
        ArgumentOutOfRangeException.ThrowIfNotEqual(point.Length, PointSize);
        nint numbers = 0, number = 0, product = 0;
        try
        {
            if (_group == 0)
            {
                _group = LibCrypto.Must(LibCrypto.EC_GROUP_new_by_curve_name_ex(LibCrypto.Context, LibCrypto.Properties, _nid), "EC_GROUP_new_by_curve_name_ex");
            }

            numbers = LibCrypto.Must(LibCrypto.BN_CTX_secure_new_ex(LibCrypto.Context), "BN_CTX_secure_new_ex");
            product = LibCrypto.Must(LibCrypto.EC_POINT_new(_group), "EC_POINT_new");
            fixed (byte* from = scalar, to = point)
            {
                number = LibCrypto.Must(LibCrypto.BN_lebin2bn(from, scalar.Length, 0), "BN_lebin2bn");
                if (LibCrypto.BN_is_zero(number) == 1 || LibCrypto.BN_cmp(number, LibCrypto.EC_GROUP_get0_order(_group)) >= 0)
                {
                    return false;
                }

                const int Uncompressed = 4;
                LibCrypto.Must(LibCrypto.EC_POINT_mul(_group, product, number, 0, 0, numbers), "EC_POINT_mul");
                var written = LibCrypto.EC_POINT_point2oct(_group, product, Uncompressed, to, (nuint)point.Length, numbers);
                return written == (nuint)point.Length ? true : throw LibCrypto.Failure("EC_POINT_point2oct");
            }
        }
        finally
        {
            LibCrypto.BN_clear_free(number);
            LibCrypto.EC_POINT_clear_free(product);
            LibCrypto.BN_CTX_free(numbers);
        }
    }

    public override string ToString() => Name;
}
