using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Library;

/// <summary>What a cluster in FIPS mode does and does not, through the library; written by hand from CloudHSM's user guide, SP 800-131A, SP 800-38D and FIPS 186-5.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class FipsModeTests : IClassFixture<FipsDeployment>, IDisposable
{
    private const ulong AttributeValueInvalid = 0x13, KeySizeRange = 0x62, MechanismInvalid = 0x70, MechanismParamInvalid = 0x71, CurveNotSupported = 0x140;
    private static readonly CkAttribute Session = CkAttribute.Of(Cka.Token, false);
    private static readonly byte[] P256 = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
    private readonly FipsDeployment _deployment;
    private readonly Token _token;

    public FipsModeTests(FipsDeployment deployment) => (_deployment, _token) = (deployment, Token.Of(deployment));

    public void Dispose() => _token.Dispose();

    [Fact]
    public void What_is_not_approved_is_not_in_the_list()
    {
        ulong[] missing = [0x0F, 0x17, 0x1C, 0x1D, 0x1F, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x131, 0x1056, 0xD352001D];
        Assert.DoesNotContain(_token.Mechanisms, missing.Contains);
        ulong[] there = [0x0, 0x1, 0xA, 0x9, 0xD, 0x40, 0x132, 0x220, 0x3B0, 0x1040, 0x1044, 0x1050, 0x1055, 0x1057, 0x1080, 0x1085, 0x1087, 0x2109, 0x402A, 0x80001087];
        Assert.All(there, number => Assert.Contains(number, _token.Mechanisms));
    }

    [Fact]
    public void A_user_changes_its_PIN()
    {
        const string first = "fips_user:fips-password-1", second = "fips_user:fips-password-2";
        Pkcs11("--login-type", "so", "--so-pin", new CloudHsmCli.CommandLine(_deployment).AdminPin, "--init-pin", "--new-pin", first).MustSucceed();
        Pkcs11("--pin", first, "--change-pin", "--new-pin", "fips_user:short").MustFail("CKR_PIN_LEN_RANGE");
        Pkcs11("--pin", first, "--change-pin", "--new-pin", second).MustSucceed();
        Pkcs11("--pin", first, "--list-objects").MustFail("CKR_PIN_INCORRECT");
        Pkcs11("--pin", second, "--list-objects").MustSucceed();

        Finished Pkcs11(params string[] arguments) => _deployment.Pkcs11(["--token-label", _deployment.TokenLabel, "--login", .. arguments]);
    }

    [Fact]
    public void The_hsm_draws_the_iv_of_gcm_writes_it_back_and_takes_no_other()
    {
        var key = Aes(Cka.Encrypt, Cka.Decrypt, Cka.Wrap, Cka.Unwrap);
        var data = RandomNumberGenerator.GetBytes(100);
        var first = Drawn();
        var ciphertext = _token.Encrypt(Gcm(first), key, data).Output;
        Assert.Contains(first, octet => octet != 0);
        Assert.Equal(data, _token.Decrypt(Gcm(first), key, ciphertext).Output);

        // The buffer is no longer zero: the next encryption must not take it for a wish.
        Assert.Equal(MechanismParamInvalid, _token.Encrypt(Gcm(first), key, data).Rv);
        Assert.Equal(MechanismParamInvalid, _token.Encrypt(Gcm(Drawn(16)), key, data).Rv);

        var second = Drawn();
        var output = new MemoryStream();
        Assert.Equal(Ck.Ok, _token.InParts("C_Encrypt", Gcm(second), key, data.Chunk(33), output.Write));
        Assert.NotEqual(first, second);
        Assert.Equal(data, _token.Decrypt(Gcm(second), key, output.ToArray()).Output);

        var third = Drawn();
        var wrapped = _token.Wrap(Gcm(third), key, Aes(Cka.Encrypt));
        Assert.Equal(Ck.Ok, wrapped.Rv);
        Assert.Equal(Ck.Ok, _token.Unwrap(Gcm(third), key, wrapped.Wrapped, CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, Ck.Aes), Session).Rv);
        Assert.Equal(MechanismParamInvalid, _token.Wrap(Gcm(third), key, key).Rv);

        var vendor = new Mechanism(0x80001087, m => m.Words(0, 0, 0, 0, 0, 128));
        Assert.Equal(data, _token.Decrypt(vendor, key, _token.Encrypt(vendor, key, data).Output).Output);
    }

    [Fact]
    public void Only_what_undoes_is_left_of_old_algorithms()
    {
        var (rsaPublic, rsaPrivate) = Pair(0x0, [CkAttribute.Of(0x121, 2048UL), CkAttribute.Of(Cka.Encrypt, true), CkAttribute.Of(Cka.Verify, true), CkAttribute.Of(Cka.Wrap, true)], Cka.Decrypt, Cka.Sign, Cka.Unwrap);
        var (ecPublic, ecPrivate) = Pair(0x1040, [CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.Verify, true)], Cka.Sign);
        var aes = Aes(Cka.Encrypt, Cka.Decrypt, Cka.Wrap, Cka.Unwrap);
        var (imported, des) = _token.Create(CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, 0x15UL), CkAttribute.Of(Cka.Value, Convert.FromHexString("0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123")), Session, CkAttribute.Of(Cka.Encrypt, true), CkAttribute.Of(Cka.Decrypt, true));
        Assert.Equal(Ck.Ok, imported);
        Mechanism pkcs1 = new(0x1), iv = Mechanism.WithIv(0x133, new byte[8]);
        (string What, ulong Rv, bool Works)[] rows =
        [
            ("PKCS#1 encryption", _token.Begin("C_Encrypt", pkcs1, rsaPublic), false),
            ("PKCS#1 decryption", _token.Begin("C_Decrypt", pkcs1, rsaPrivate), false),
            ("PKCS#1 wrapping", _token.Wrap(pkcs1, rsaPublic, aes).Rv, false),
            ("PKCS#1 unwrapping", _token.Unwrap(pkcs1, rsaPrivate, new byte[256], CkAttribute.Of(Cka.Class, Ck.SecretKey), CkAttribute.Of(Cka.KeyType, Ck.Aes)).Rv, false),
            ("PKCS#1 signatures", _token.Sign(pkcs1, rsaPrivate, new byte[32]).Rv, true),
            ("OAEP", _token.Encrypt(Mechanism.Oaep("SHA-256", "SHA-256", []), rsaPublic, [1]).Rv, true),
            ("signing with SHA-1", _token.Begin("C_Sign", new Mechanism(0x6), rsaPrivate), false),
            ("ECDSA with SHA-1", _token.Begin("C_Sign", new Mechanism(0x1042), ecPrivate), false),
            ("ECDSA with a hash shorter than the curve", _token.Begin("C_Sign", new Mechanism(0x1043), ecPrivate), false),
            ("ECDSA with SHA-256", _token.Sign(new Mechanism(0x1044), ecPrivate, [1]).Rv, true),
            ("triple DES encryption", _token.Begin("C_Encrypt", iv, des), false),
            ("triple DES decryption", _token.Decrypt(iv, des, new byte[8]).Rv, true),
            ("wrapping by CBC_PAD", _token.Wrap(Mechanism.WithIv(Ckm.AesCbcPad, new byte[16]), aes, aes).Rv, false),
            ("wrapping by KWP", _token.Wrap(new Mechanism(Ckm.AesKeyWrapKwp), aes, Aes(Cka.Encrypt)).Rv, true),
        ];
        Assert.Empty(rows.Where(row => row.Rv != (row.Works ? Ck.Ok : MechanismInvalid)).Select(row => $"{row.What}: 0x{row.Rv:X}"));

        // Old signatures are still verified: what is wrong is the signature, not the mechanism.
        Assert.Equal(0xC0UL, _token.Verify(new Mechanism(0x6), rsaPublic, [1], new byte[256]));
        Assert.Equal(0xC0UL, _token.Verify(new Mechanism(0x1042), ecPublic, [1], [.. new byte[31], 1, .. new byte[31], 1]));
    }

    [Fact]
    public void Weak_keys_and_curves_are_neither_made_nor_taken()
    {
        byte[] koblitz = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A], x25519 = [0x06, 0x03, 0x2B, 0x65, 0x6E];
        var before = _token.CountObjects();
        Assert.Equal(CurveNotSupported, _token.GeneratePair(new Mechanism(0x1040), [CkAttribute.Of(Cka.EcParams, koblitz)], []).Rv);
        Assert.Equal(CurveNotSupported, Import(Ck.PrivateKey, Ck.Ec, CkAttribute.Of(Cka.EcParams, koblitz), CkAttribute.Of(Cka.Value, [5])));
        Assert.Equal(CurveNotSupported, Import(Ck.PrivateKey, Ck.EcMontgomery, CkAttribute.Of(Cka.EcParams, x25519), CkAttribute.Of(Cka.Value, new byte[32])));
        Assert.Equal(AttributeValueInvalid, Import(Ck.PrivateKey, Ck.MlDsa, CkAttribute.Of(Cka.ParameterSet, 1UL), CkAttribute.Of(Cka.Seed, new byte[32])));
        Assert.Equal(AttributeValueInvalid, Import(Ck.PublicKey, Ck.Rsa, CkAttribute.Of(Cka.Modulus, [0xFF, .. RandomNumberGenerator.GetBytes(254), 1]), CkAttribute.Of(Cka.PublicExponent, [3])));
        Assert.Equal(KeySizeRange, _token.Generate(new Mechanism(0x350), CkAttribute.Of(Cka.ValueLen, 13UL), Session).Rv);
        CkAttribute[] derived = [CkAttribute.Of(Cka.KeyType, Ck.GenericSecret), CkAttribute.Of(Cka.ValueLen, 32UL), Session];
        Assert.Equal(MechanismParamInvalid, _token.Generate(Mechanism.Pbkdf2(4, [1], new byte[16], 999), derived).Rv);
        Assert.Equal(MechanismParamInvalid, _token.Generate(Mechanism.Pbkdf2(4, [1], new byte[15], 1000), derived).Rv);
        Assert.Equal(before, _token.CountObjects());
        Assert.Equal(Ck.Ok, _token.Generate(Mechanism.Pbkdf2(4, [1], new byte[16], 1000), derived).Rv);
    }

    private ulong Import(ulong objectClass, ulong type, params CkAttribute[] template) => _token.Create([CkAttribute.Of(Cka.Class, objectClass), CkAttribute.Of(Cka.KeyType, type), Session, .. template]).Rv;

    private ulong Aes(params ulong[] uses)
    {
        var (rv, key) = _token.Generate(new Mechanism(0x1080), [CkAttribute.Of(Cka.ValueLen, 32UL), Session, .. uses.Select(use => CkAttribute.Of(use, true))]);
        Assert.Equal(Ck.Ok, rv);
        return key;
    }

    private (ulong Public, ulong Private) Pair(ulong number, CkAttribute[] template, params ulong[] uses)
    {
        var (rv, publicKey, privateKey) = _token.GeneratePair(new Mechanism(number), [.. template, Session], [Session, .. uses.Select(use => CkAttribute.Of(use, true))]);
        Assert.Equal(Ck.Ok, rv);
        return (publicKey, privateKey);
    }

    // Zeros at a place that does not move: the library writes the IV there when the operation runs.
    private static byte[] Drawn(int length = 12) => GC.AllocateArray<byte>(length, pinned: true);

    private static Mechanism Gcm(byte[] iv) => new(Ckm.AesGcm, m => m.Words(Marshal.UnsafeAddrOfPinnedArrayElement(iv, 0), iv.Length, iv.Length * 8, 0, 0, 128));
}
