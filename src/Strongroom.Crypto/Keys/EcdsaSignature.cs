namespace Strongroom.Crypto;

/// <summary>
/// The two forms of an ECDSA signature: r and s side by side as PKCS#11 has them (X9.62's plain form), and the DER SEQUENCE of two INTEGERs that libcrypto and X.509 have.
/// </summary>
public static class EcdsaSignature
{
    /// <summary>The longest DER form for numbers of so many bytes.</summary>
    public static int MaxDerSize(int size) => 2 * (size + 3) + 3;

    /// <summary>From DER to plain.</summary>
    /// <param name="der">What libcrypto made.</param>
    /// <param name="plain">Two numbers of equal length, big-endian, padded with zeros.</param>
    /// <exception cref="CryptoException">It is no such sequence; libcrypto's own never is.</exception>
    public static void FromDer(ReadOnlySpan<byte> der, Span<byte> plain)
    {
        var size = plain.Length / 2;
        var body = Element(0x30, ref der);
        Place(Element(0x02, ref body), plain[..size]);
        Place(Element(0x02, ref body), plain[size..]);
    }

    /// <summary>From plain to DER.</summary>
    /// <param name="plain">Two numbers of equal length, big-endian; up to 66 bytes each.</param>
    /// <param name="der">At least <see cref="MaxDerSize"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int ToDer(ReadOnlySpan<byte> plain, Span<byte> der)
    {
        var size = plain.Length / 2;
        Span<byte> body = stackalloc byte[2 * (size + 3)];
        var length = Integer(plain[..size], body);
        length += Integer(plain[size..], body[length..]);
        var header = 0;
        der[header++] = 0x30;
        if (length > 127)
        {
            der[header++] = 0x81;
        }

        der[header++] = (byte)length;
        body[..length].CopyTo(der[header..]);
        return header + length;
    }

    private static int Integer(ReadOnlySpan<byte> number, Span<byte> output)
    {
        var significant = number.TrimStart((byte)0);
        var sign = significant.IsEmpty || significant[0] >= 0x80 ? 1 : 0;   // zero is one zero byte; a leading one bit would mean negative
        output[0] = 0x02;
        output[1] = (byte)(significant.Length + sign);
        output[2] = 0;
        significant.CopyTo(output[(2 + sign)..]);
        return 2 + sign + significant.Length;
    }

    private static ReadOnlySpan<byte> Element(byte tag, ref ReadOnlySpan<byte> rest)
    {
        var header = rest.Length > 2 && rest[1] == 0x81 ? 3 : 2;
        if (rest.Length < header || rest[0] != tag || rest[header - 1] > rest.Length - header || (header == 2 && rest[1] > 127))
        {
            throw new CryptoException("An ECDSA signature is not a DER sequence of two integers.");
        }

        var body = rest.Slice(header, rest[header - 1]);
        rest = rest[(header + body.Length)..];
        return body;
    }

    private static void Place(ReadOnlySpan<byte> integer, Span<byte> output)
    {
        var significant = integer.TrimStart((byte)0);
        if (significant.Length > output.Length)
        {
            throw new CryptoException("An ECDSA signature holds a number longer than the order.");
        }

        output.Clear();
        significant.CopyTo(output[(output.Length - significant.Length)..]);
    }
}
