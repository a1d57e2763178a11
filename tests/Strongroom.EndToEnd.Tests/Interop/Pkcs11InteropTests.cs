using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Strongroom.EndToEnd.Tests.Machine;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Interop;

/// <summary>A .NET application uses the HSM through Pkcs11Interop.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class Pkcs11InteropTests : IDisposable
{
    private readonly Pkcs11InteropFactories _factories = new();
    private readonly IPkcs11Library _library;
    private readonly ISession _session;

    // It asks for libdl.so, which only development packages have.
    static Pkcs11InteropTests() => NativeLibrary.SetDllImportResolver(
        typeof(Pkcs11InteropFactories).Assembly,
        (name, assembly, path) => NativeLibrary.Load(name == "libdl" ? "libdl.so.2" : name, assembly, path));

    public Pkcs11InteropTests(QuickstartDeployment deployment)
    {
        Token.UseConfigurationOf(deployment);
        _library = _factories.Pkcs11LibraryFactory.LoadPkcs11Library(_factories, deployment.Module, AppType.MultiThreaded);
        _session = Assert.Single(_library.GetSlotList(SlotsType.WithTokenPresent)).OpenSession(SessionType.ReadWrite);
        _session.Login(CKU.CKU_USER, deployment.Pin);
    }

    [Fact]
    public void A_generated_key_encrypts_and_decrypts()
    {
        IObjectHandle key = _session.GenerateKey(
            _factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN),
            [Attribute(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Attribute(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES), Attribute(CKA.CKA_VALUE_LEN, 32), Attribute(CKA.CKA_ENCRYPT, true), Attribute(CKA.CKA_DECRYPT, true), Attribute(CKA.CKA_TOKEN, false)]);
        byte[] plaintext = Encoding.ASCII.GetBytes("from .NET to the HSM and back");
        IMechanism cbc = _factories.MechanismFactory.Create(CKM.CKM_AES_CBC_PAD, RandomNumberGenerator.GetBytes(16));

        byte[] ciphertext = _session.Encrypt(cbc, key, plaintext);

        Assert.Equal(32, ciphertext.Length);
        Assert.Equal(plaintext, _session.Decrypt(cbc, key, ciphertext));
        Assert.True(Assert.Single(_session.GetAttributeValue(key, new List<CKA> { CKA.CKA_VALUE })).CannotBeRead);
        _session.DestroyObject(key);
    }

    [Fact]
    public void A_signature_of_the_HSM_verifies_in_dotnet()
    {
        _session.GenerateKeyPair(
            _factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS_KEY_PAIR_GEN),
            [Attribute(CKA.CKA_MODULUS_BITS, 2048), Attribute(CKA.CKA_PUBLIC_EXPONENT, [1, 0, 1]), Attribute(CKA.CKA_TOKEN, false), Attribute(CKA.CKA_VERIFY, true)],
            [Attribute(CKA.CKA_TOKEN, false), Attribute(CKA.CKA_SIGN, true)],
            out IObjectHandle publicKey,
            out IObjectHandle privateKey);
        byte[] message = Encoding.ASCII.GetBytes("signed in the HSM");

        byte[] signature = _session.Sign(_factories.MechanismFactory.Create(CKM.CKM_SHA256_RSA_PKCS), privateKey, message);

        List<IObjectAttribute> numbers = _session.GetAttributeValue(publicKey, new List<CKA> { CKA.CKA_MODULUS, CKA.CKA_PUBLIC_EXPONENT });
        using RSA rsa = RSA.Create(new RSAParameters { Modulus = numbers[0].GetValueAsByteArray(), Exponent = numbers[1].GetValueAsByteArray() });
        Assert.True(rsa.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public void Dispose()
    {
        _session.Dispose();
        _library.Dispose();
    }

    private IObjectAttribute Attribute(CKA type, ulong value) => _factories.ObjectAttributeFactory.Create(type, value);

    private IObjectAttribute Attribute(CKA type, bool value) => _factories.ObjectAttributeFactory.Create(type, value);

    private IObjectAttribute Attribute(CKA type, byte[] value) => _factories.ObjectAttributeFactory.Create(type, value);
}
