using System.Buffers.Text;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text.Json;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;

namespace Strongroom.Cli.Importing;

/// <summary>JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037): RSA, EC on P-256, P-384 and P-521, Ed25519, and oct. Values are read as bytes; none becomes a string.</summary>
internal static class Jwk
{
    /// <summary>Reads a key.</summary>
    /// <param name="path">for messages</param>
    /// <param name="file">its bytes</param>
    /// <param name="secretType">CKK_ number of an oct key</param>
    public static ClearKey Read(string path, byte[] file, ulong secretType)
    {
        var members = new Dictionary<string, byte[]>();
        try
        {
            ReadMembers(path, file, members);
            byte[] Need(string name) => members.TryGetValue(name, out var text) ? Decode(path, name, text) : throw new CommandRefusedException($"{path}: the JWK has no \"{name}\", so that it is no private or secret key");
            return Name(members, "kty") switch
            {
                "oct" => new ClearKey(KeyClass.Secret, secretType, Need("k")),
                "RSA" => Pkcs8.Clear(path, Rsa(Need)),
                "EC" => Pkcs8.Clear(path, Ec(path, Name(members, "crv"), Need)),
                "OKP" when Name(members, "crv") == "Ed25519" => Pkcs8.Clear(path, Ed25519(Need("d"))),
                _ => throw new CommandRefusedException($"{path}: a JWK of this kty and crv is not imported; RSA, EC, OKP with Ed25519, and oct are"),
            };
        }
        catch (Exception e) when (e is JsonException or CryptographicException or InvalidOperationException or FormatException)
        {
            throw new CommandRefusedException($"{path} is no JWK that can be read: {e.Message}", e);
        }
        finally
        {
            foreach (var value in members.Values)
            {
                CryptographicOperations.ZeroMemory(value);
            }
        }
    }

    // Strings of the outermost object, as UTF-8; base64url has no escapes.
    private static void ReadMembers(string path, byte[] file, Dictionary<string, byte[]> members)
    {
        var json = new Utf8JsonReader(file, new JsonReaderOptions { MaxDepth = 8 });
        string? name = null;
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1)
            {
                name = json.GetString();
            }
            else if (json.TokenType == JsonTokenType.String && json.CurrentDepth == 1)
            {
                if (!members.TryAdd(name!, json.ValueSpan.ToArray()))
                {
                    throw new CommandRefusedException($"{path}: the JWK has \"{name}\" twice");
                }
            }
        }
    }

    private static string? Name(Dictionary<string, byte[]> members, string name) => members.TryGetValue(name, out var text) ? System.Text.Encoding.UTF8.GetString(text) : null;

    private static byte[] Decode(string path, string name, byte[] text)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(Base64Url.GetMaxDecodedLength(text.Length), pinned: true);
        return Base64Url.TryDecodeFromUtf8(text, bytes, out var length) && length > 0 ? Resized(bytes, length) : throw new CommandRefusedException($"{path}: \"{name}\" is empty or not base64url");
    }

    private static byte[] Resized(byte[] bytes, int length)
    {
        if (length == bytes.Length)
        {
            return bytes;
        }

        var right = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        bytes.AsSpan(0, length).CopyTo(right);
        CryptographicOperations.ZeroMemory(bytes);
        return right;
    }

    private static byte[] Rsa(Func<string, byte[]> need)
    {
        var parameters = new RSAParameters { Modulus = need("n"), Exponent = need("e"), D = need("d"), P = need("p"), Q = need("q"), DP = need("dp"), DQ = need("dq"), InverseQ = need("qi") };
        try
        {
            using var rsa = RSA.Create(parameters);
            return rsa.ExportPkcs8PrivateKey();
        }
        finally
        {
            Array.ForEach([parameters.D, parameters.P, parameters.Q, parameters.DP, parameters.DQ, parameters.InverseQ], secret => CryptographicOperations.ZeroMemory(secret));
        }
    }

    private static byte[] Ec(string path, string? curve, Func<string, byte[]> need)
    {
        var parameters = new ECParameters
        {
            Curve = curve switch
            {
                "P-256" => ECCurve.NamedCurves.nistP256,
                "P-384" => ECCurve.NamedCurves.nistP384,
                "P-521" => ECCurve.NamedCurves.nistP521,
                _ => throw new CommandRefusedException($"{path}: the curve {curve} is not imported; P-256, P-384 and P-521 are"),
            },
            Q = new ECPoint { X = need("x"), Y = need("y") },
            D = need("d"),
        };
        try
        {
            using var ec = ECDsa.Create(parameters);
            return ec.ExportPkcs8PrivateKey();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    // RFC 8410, section 7: the seed is an OCTET STRING within an OCTET STRING.
    private static byte[] Ed25519(byte[] seed)
    {
        try
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.3.101.112");
                }

                using (writer.PushOctetString())
                {
                    writer.WriteOctetString(seed);
                }
            }

            var encoded = writer.Encode();
            writer.Reset();
            return encoded;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }
}
