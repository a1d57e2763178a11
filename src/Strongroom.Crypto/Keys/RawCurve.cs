namespace Strongroom.Crypto;

/// <summary>A curve whose keys are 32 bytes as they come: Ed25519 (RFC 8032), X25519 (RFC 7748).</summary>
public sealed class RawCurve
{
    /// <summary>Bytes of a private and of a public key.</summary>
    public const int KeySize = 32;

    private RawCurve(byte number, string name, string oid, string[] otherNames)
    {
        Number = number;
        Name = name;
        Oid = Convert.FromHexString(oid);
        OtherNames = [.. otherNames.Select(Convert.FromHexString)];
    }

    /// <summary>For signatures.</summary>
    public static RawCurve Ed25519 { get; } = new(
        64, "ED25519", "06032B6570",
        ["130C656477617264733235353139", "06092B06010401DA470F01"]);

    /// <summary>For Diffie-Hellman.</summary>
    public static RawCurve X25519 { get; } = new(
        65, "X25519", "06032B656E",
        ["130A63757276653235353139", "060A2B060104019755010501", "130B63757276653235353139"]);   // the last is what OpenSC before 0.24 sends: a length of one too many

    /// <summary>Its number in our own encodings of keys, beside those of <see cref="EcCurve"/>; never reused.</summary>
    public byte Number { get; }

    /// <summary>libcrypto's name.</summary>
    public string Name { get; }

    /// <summary>The object identifier in DER (RFC 8410).</summary>
    public byte[] Oid { get; }

    /// <summary>What else names it in CKA_EC_PARAMS: PKCS#11's PrintableString, and the identifiers of before RFC 8410.</summary>
    public IReadOnlyList<byte[]> OtherNames { get; }

    /// <summary>Whether CKA_EC_PARAMS names this curve.</summary>
    public bool IsNamedBy(ReadOnlySpan<byte> parameters)
    {
        if (parameters.SequenceEqual(Oid))
        {
            return true;
        }

        foreach (var other in OtherNames)
        {
            if (parameters.SequenceEqual(other))
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => Name;
}
