using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Importing;

/// <summary>
/// Private keys in PKCS#8 (RFC 5958), as PEM or DER, also encrypted (RFC 8018), and in OpenSSL's older PEM forms (RSA PRIVATE KEY, EC PRIVATE KEY).
/// Clear PKCS#8 goes to the HSM as it is, so that every key goes that the HSM knows. Encrypted keys are opened by .NET, which knows RSA and the NIST curves.
/// </summary>
internal static class Pkcs8
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";
    private const string Ed25519 = "1.3.101.112";
    private const ulong Montgomery = 0x41;
    private const string X25519 = "1.3.101.110";

    /// <summary>Reads a file.</summary>
    /// <param name="path">for messages</param>
    /// <param name="file">its bytes</param>
    /// <param name="password">asked for if the key is encrypted; its result is cleared</param>
    public static ClearKey Read(string path, byte[] file, Func<byte[]> password)
    {
        try
        {
            return IsPem(file) ? ReadPem(path, file, password) : ReadDer(path, file, password);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or FormatException or ArgumentException)
        {
            throw new CommandRefusedException($"{path} holds no private key that can be read: {e.Message}", e);
        }
    }

    /// <summary>A key in clear PKCS#8; the array becomes the key's.</summary>
    public static ClearKey Clear(string path, byte[] pkcs8)
    {
        var info = new AsnReader(pkcs8, AsnEncodingRules.DER).ReadSequence();
        info.ReadInteger();
        var algorithm = info.ReadSequence().ReadObjectIdentifier();
        return new ClearKey(KeyClass.Private, algorithm switch
        {
            Rsa => KeyKind.Rsa.Number,
            Ec => KeyKind.Ec.Number,
            Ed25519 => KeyKind.Edwards,
            X25519 => Montgomery,
            _ => throw new CommandRefusedException($"{path} holds a key of an algorithm that this program does not import: {algorithm}"),
        }, pkcs8);
    }

    private static ClearKey ReadPem(string path, byte[] file, Func<byte[]> password)
    {
        Span<char> text = GC.AllocateUninitializedArray<char>(file.Length, pinned: true);
        try
        {
            var length = Encoding.UTF8.GetChars(file, text);
            for (ReadOnlySpan<char> rest = text[..length]; PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
            {
                var label = rest[fields.Label].ToString();
                if (label is "PRIVATE KEY" or "ENCRYPTED PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY")
                {
                    var der = GC.AllocateUninitializedArray<byte>(fields.DecodedDataLength, pinned: true);
                    Convert.TryFromBase64Chars(rest[fields.Base64Data], der, out _);
                    return Of(path, label, der, password);
                }
            }

            throw new CommandRefusedException($"{path} holds no private key in PEM");
        }
        finally
        {
            text.Clear();
        }
    }

    private static ClearKey Of(string path, string label, byte[] der, Func<byte[]> password)
    {
        if (label == "PRIVATE KEY")
        {
            return Clear(path, der);
        }

        try
        {
            return label switch
            {
                "ENCRYPTED PRIVATE KEY" => Decrypt(path, der, password),
                "RSA PRIVATE KEY" => Clear(path, Exported(RSA.Create(), key => ((RSA)key).ImportRSAPrivateKey(der, out _))),
                _ => Clear(path, Exported(ECDsa.Create(), key => ((ECDsa)key).ImportECPrivateKey(der, out _))),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static ClearKey ReadDer(string path, byte[] file, Func<byte[]> password)
    {
        // PrivateKeyInfo begins with a version, EncryptedPrivateKeyInfo with an algorithm.
        var sequence = new AsnReader(file, AsnEncodingRules.DER).ReadSequence();
        return sequence.PeekTag().HasSameClassAndValue(Asn1Tag.Integer) ? Clear(path, Copy(file)) : Decrypt(path, file, password);
    }

    private static ClearKey Decrypt(string path, byte[] encrypted, Func<byte[]> password)
    {
        var secret = password();
        try
        {
            try
            {
                return Clear(path, Exported(RSA.Create(), key => key.ImportEncryptedPkcs8PrivateKey(secret, encrypted, out _)));
            }
            catch (CryptographicException)
            {
                return Clear(path, Exported(ECDsa.Create(), key => key.ImportEncryptedPkcs8PrivateKey(secret, encrypted, out _)));
            }
        }
        catch (CryptographicException e)
        {
            throw new CommandRefusedException($"{path}: the password is wrong, or the encrypted key is neither RSA nor on a NIST curve", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static byte[] Exported(AsymmetricAlgorithm key, Action<AsymmetricAlgorithm> import)
    {
        using (key)
        {
            import(key);
            return key.ExportPkcs8PrivateKey();
        }
    }

    private static byte[] Copy(byte[] bytes)
    {
        var copy = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        bytes.CopyTo(copy, 0);
        return copy;
    }

    private static bool IsPem(ReadOnlySpan<byte> file) => file.IndexOf("-----BEGIN "u8) >= 0;
}
