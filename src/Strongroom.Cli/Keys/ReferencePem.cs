using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Strongroom.Cli.Keys;

/// <summary>
/// A private key's PEM file whose public half is real and whose private half names the key in the HSM; the OpenSSL engine (pkcs11/engine/reference.h)
/// reads it. CloudHSM's own form is not published; ours loads wherever a key file does, and is of use to our engine alone.
/// </summary>
internal static class ReferencePem
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";
    private const int HandleOffset = 24;

    /// <param name="handle">The private key's.</param>
    /// <param name="publicKeyInfo">Its SubjectPublicKeyInfo (RFC 5280, 4.1), DER.</param>
    /// <returns>An RSA PRIVATE KEY (RFC 8017, A.1.2) or an EC PRIVATE KEY (RFC 5915); null for other kinds of keys.</returns>
    public static string? Write(ulong handle, ReadOnlyMemory<byte> publicKeyInfo)
    {
        var info = new AsnReader(publicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        var algorithm = info.ReadSequence();
        var kind = algorithm.ReadObjectIdentifier();
        var publicKey = info.ReadBitString(out _);
        return kind switch
        {
            Rsa => Pem("RSA PRIVATE KEY", RsaKey(handle, publicKey)),
            Ec => Pem("EC PRIVATE KEY", EcKey(handle, algorithm.ReadEncodedValue(), publicKey)),
            _ => null,
        };
    }

    private static AsnWriter RsaKey(ulong handle, byte[] publicKey)
    {
        var numbers = new AsnReader(publicKey, AsnEncodingRules.DER).ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            writer.WriteInteger(numbers.ReadInteger());
            writer.WriteInteger(numbers.ReadInteger());
            writer.WriteIntegerUnsigned(Reference(handle));

            // Primes, their exponents and the coefficient. Even ones, so that software which takes this for a key fails instead of signing wrongly.
            foreach (var number in (ReadOnlySpan<int>)[4, 4, 1, 1, 1])
            {
                writer.WriteInteger(number);
            }
        }

        return writer;
    }

    private static AsnWriter EcKey(ulong handle, ReadOnlyMemory<byte> curve, byte[] point)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteOctetString(Reference(handle));
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                writer.WriteEncodedValue(curve.Span);
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            {
                writer.WriteBitString(point);
            }
        }

        return writer;
    }

    private static byte[] Reference(ulong handle)
    {
        var number = new byte[HandleOffset + sizeof(ulong)];
        "strongroom-key-1"u8.CopyTo(number);
        BinaryPrimitives.WriteUInt64BigEndian(number.AsSpan(HandleOffset), handle);
        return number;
    }

    private static string Pem(string label, AsnWriter key) => PemEncoding.WriteString(label, key.Encode()) + "\n";
}
