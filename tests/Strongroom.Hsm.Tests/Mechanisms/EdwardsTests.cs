using Strongroom.Crypto;
using Strongroom.Hsm.Keys;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Mechanisms;

/// <summary>Ed25519 with its variants, and X25519.</summary>
public sealed class EdwardsTests
{
    private static readonly Mechanism Eddsa = MechanismCatalog.Find(0x1057)!;
    private static readonly Mechanism Ecdh = MechanismCatalog.Find(0x1050)!;

    // RFC 8032, 7.1 (test 2), 7.2 (foo) and 7.3.
    [Theory]
    [InlineData(null, null, "4CCD089B28FF96DA9DB6C346EC114E0F5B8A319F35ABA624DA8CF6ED4FB8A6FB", "3D4017C3E843895A92B70AA74D1B7EBC9C982CCF2EC4968CC0CD55F12AF4660C", "72",
        "92A009A9F0D4CAB8720E820B5F642540A2B27B5416503F8FB3762223EBDB69DA085AC1E43E15996E458F3613D0F11D8C387B2EAEB4302AEEB00D291612BB0C00")]
    [InlineData(0, "666F6F", "0305334E381AF78F141CB666F6199F57BC3495335A256A95BD2A55BF546663F6", "DFC9425E4F968F7F0C29F0259CF5F9AED6851C2BB4AD8BFB860CFEE0AB248292", "F726936D19C800494E3FDAFF20B276A8",
        "55A4CC2F70A54E04288C5F4CD1E45A7BB520B36292911876CADA7323198DD87A8B36950B95130022907A7FB7C4E9B2D5F6CCA685A587B4B21F4B888E4E7EDB0D")]
    [InlineData(1, "", "833FE62409237B9D62EC77587520911E9A759CEC1D19755B7DA901B96DCA3D42", "EC172B93AD5E563BF4932C70E1245034C35467EF2EFD4D64EBF819683467E2BF", "616263",
        "98A70222F0B8121AA9D30F813D683F809E462B469C7FF87639499BB94E6DAE4131F85042463C2A355A2003D062ADF5AAA10B8C61E636062AAAD11C2A26083406")]
    [InlineData(2, "", "833FE62409237B9D62EC77587520911E9A759CEC1D19755B7DA901B96DCA3D42", "EC172B93AD5E563BF4932C70E1245034C35467EF2EFD4D64EBF819683467E2BF",
        "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F",
        "98A70222F0B8121AA9D30F813D683F809E462B469C7FF87639499BB94E6DAE4131F85042463C2A355A2003D062ADF5AAA10B8C61E636062AAAD11C2A26083406")]
    public void Vectors_of_the_rfc(int? prehash, string? context, string seed, string point, string message, string signature)
    {
        var call = new MechanismCall(0x1057, ParameterShape.Eddsa, Iv: context is null ? null : Convert.FromHexString(context), Bits: (ulong?)prehash);
        using var key = Import(ObjectClass.PrivateKey, AttributeType.Value, seed);
        using var publicKey = Import(ObjectClass.PublicKey, AttributeType.EcPoint, point);
        byte[] data = Convert.FromHexString(message);
        byte[] made = TestKeys.Must(Eddsa, Use.Sign, call, key, data);
        Assert.Equal(signature, Convert.ToHexString(made));
        TestKeys.Must(Eddsa, Use.Verify, call, publicKey, data, made);
        made[3] ^= 1;
        Assert.Equal(Rv.SignatureInvalid, TestKeys.Try(Eddsa, Use.Verify, call, publicKey, data, made, out _));

        Rv inFips = TestKeys.Try(Eddsa, Use.Sign, call, key, data, null, out _, ClusterMode.Fips);
        Assert.Equal(prehash is null ? Rv.Ok : Rv.MechanismInvalid, inFips);
    }

    [Fact]
    public void X25519_agrees_both_ways_and_refuses_points_of_low_order()
    {
        KeyPair other = TestKeys.Pair(0x1056, new RawAttribute(AttributeType.EcParams, RawCurve.X25519.OtherNames[0]));
        byte[] mine = Derive(TestKeys.X25519, Point(other));
        Assert.Equal(mine, Derive(other, Point(TestKeys.X25519)));
        Assert.Equal(Rv.MechanismParamInvalid, Agree(TestKeys.X25519, new byte[32]).Rv);
        Assert.Equal(Rv.MechanismParamInvalid, Agree(TestKeys.X25519, new byte[31]).Rv);
        Assert.Equal(Rv.MechanismInvalid, Agree(TestKeys.X25519, Point(other), ClusterMode.Fips).Rv);
    }

    [Fact]
    public void A_key_goes_out_and_in_again_wrapped_and_a_curve_has_several_names()
    {
        using SecretBuffer encoded = TestKeys.Ed25519.Private.EncodeForWrapping().Value;
        using KeyMaterial back = KeyImport.FromUnwrapped(ObjectClass.PrivateKey, KeyType.EcEdwards, encoded.Span, ClusterMode.NonFips).Value;
        Assert.Equal(TestKeys.Ed25519.Public.CheckValue(), back.CheckValue());
        Assert.False(KeyImport.FromUnwrapped(ObjectClass.PrivateKey, KeyType.EcMontgomery, encoded.Span, ClusterMode.NonFips).IsOk);
        foreach (byte[] name in RawCurve.Ed25519.OtherNames)
        {
            Assert.Equal(KeyType.EcEdwards, TestKeys.Pair(0x1055, new RawAttribute(AttributeType.EcParams, name)).Private.Type);
        }
    }

    private static byte[] Point(KeyPair pair) => ((RawKey)pair.Public).Evp.ReadRawPublic();

    private static Outcome<KeyMaterial> Agree(KeyPair pair, byte[] point, ClusterMode mode = ClusterMode.NonFips) =>
        Ecdh.Derive(new MechanismCall(0x1050, ParameterShape.Ecdh, Iv: point, Hash: 1), pair.Private, new KeyTarget(ObjectClass.SecretKey, KeyType.GenericSecret, null), mode);

    private static byte[] Derive(KeyPair pair, byte[] point) => ((SecretKey)Agree(pair, point).Value).Value.ToArray();

    private static KeyMaterial Import(ObjectClass objectClass, AttributeType component, string value, KeyType type = KeyType.EcEdwards)
    {
        RawAttribute[] template =
        [
            new(AttributeType.EcParams, (type == KeyType.EcEdwards ? RawCurve.Ed25519 : RawCurve.X25519).Oid),
            new(component, Convert.FromHexString(value)),
        ];
        return KeyImport.FromTemplate(objectClass, type, template).Value;
    }
}
