using System.Formats.Asn1;
using System.Security.Cryptography;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>Public keys in PEM: SubjectPublicKeyInfo (RFC 7468), and RSA PUBLIC KEY (RFC 8017).</summary>
internal static class PublicKeyFile
{
    private const int MaxSize = 65536;
    private const string RsaAlgorithm = "1.2.840.113549.1.1.1";
    private const string EcAlgorithm = "1.2.840.10045.2.1";

    /// <summary>What PKCS#11 wants to know of the key in a file.</summary>
    /// <param name="path">the file</param>
    /// <param name="isWanted">judges the CKK_ number</param>
    /// <param name="what">what is wanted, for messages</param>
    public static WireAttribute[] Read(string path, Func<ulong, bool> isWanted, string what)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxSize })
        {
            throw new CommandRefusedException($"{path} is too large for a public key");
        }

        var pem = File.ReadAllText(path);
        try
        {
            var components = Components(Info(pem));
            return isWanted(AttributeValue.ReadNumber(components[0].Value!.Value.Span)) ? components : throw new CryptographicException("it is another kind of key");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or AsnContentException or FormatException)
        {
            throw new CommandRefusedException($"{path} holds no {what} key in PEM: {e.Message}", e);
        }
    }

    /// <summary>Key type and components of a SubjectPublicKeyInfo; the type comes first.</summary>
    public static WireAttribute[] Components(byte[] info)
    {
        var fields = new AsnReader(info, AsnEncodingRules.DER).ReadSequence();
        var algorithm = fields.ReadSequence();
        return algorithm.ReadObjectIdentifier() switch
        {
            RsaAlgorithm => Rsa(info),
            EcAlgorithm => Ec(algorithm.ReadEncodedValue().ToArray(), fields.ReadBitString(out _)),
            "1.3.101.112" => Edwards(fields.ReadBitString(out _)),
            var other => throw new CryptographicException($"the algorithm {other} is not one that this program imports"),
        };
    }

    private static byte[] Info(string pem)
    {
        var fields = PemEncoding.Find(pem);
        if (pem[fields.Label] == "RSA PUBLIC KEY")
        {
            using var rsa = RSA.Create();
            rsa.ImportRSAPublicKey(Convert.FromBase64String(pem[fields.Base64Data]), out _);
            return rsa.ExportSubjectPublicKeyInfo();
        }

        return pem[fields.Label] == "PUBLIC KEY" ? Convert.FromBase64String(pem[fields.Base64Data]) : throw new CryptographicException($"its PEM says {pem[fields.Label]}, not PUBLIC KEY");
    }

    private static WireAttribute[] Rsa(byte[] info)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(info, out _);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return [AttributeValue.Number(Cka.KeyType, KeyKind.Rsa.Number), AttributeValue.Bytes(Cka.Modulus, parameters.Modulus!), AttributeValue.Bytes(Cka.PublicExponent, parameters.Exponent!)];
    }

    private static WireAttribute[] Ec(byte[] curve, byte[] point) =>
        [AttributeValue.Number(Cka.KeyType, KeyKind.Ec.Number), AttributeValue.Bytes(Cka.EcParams, curve), AttributeValue.Bytes(Cka.EcPoint, AttributeValue.WithOctetString(point))];

    private static WireAttribute[] Edwards(byte[] point) =>
        [AttributeValue.Number(Cka.KeyType, KeyKind.Edwards), AttributeValue.Bytes(Cka.EcParams, Curve.Named("ed25519").Parameters), AttributeValue.Bytes(Cka.EcPoint, point)];
}
