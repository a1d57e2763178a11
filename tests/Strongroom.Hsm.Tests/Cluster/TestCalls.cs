using System.Buffers;
using System.Buffers.Binary;
using Strongroom.Hsm.Mechanisms;

namespace Strongroom.Hsm.Tests.Cluster;

/// <summary>What tests do with keys, in one line each.</summary>
internal static class TestCalls
{
    public static readonly MechanismCall AesKeyGen = new(0x1080);
    public static readonly MechanismCall RsaKeyPairGen = new(0x0);
    public static readonly MechanismCall EcKeyPairGen = new(0x1040);
    public static readonly MechanismCall EcdsaSha256 = new(0x1044);
    public static readonly MechanismCall AesKeyWrap = new(0x2109, ParameterShape.None);
    public static readonly MechanismCall Sha256 = new(0x250);
    public static readonly MechanismCall HmacSha256 = new(0x251);
    public static readonly MechanismCall AesCbcPad = new(0x1085, ParameterShape.Bytes, Iv: new byte[16]);

    public static ValueTask<Outcome<ObjectHandle>> GenerateAesAsync(this TestHsm hsm, TestInstance who, params RawAttribute[] more) =>
        hsm.Module.GenerateKeyAsync(who.Caller, who.ReadWrite, who.NextCreation(), AesKeyGen, Templates.Aes(more), TestHsm.Cancel);

    public static async ValueTask<ObjectHandle> AesAsync(this TestHsm hsm, TestInstance who, params RawAttribute[] more) => (await hsm.GenerateAesAsync(who, more)).Value;

    public static ValueTask<Outcome<ObjectHandle>> CreateAsync(this TestHsm hsm, TestInstance who, params RawAttribute[] template) =>
        hsm.Module.CreateObjectAsync(who.Caller, who.ReadWrite, who.NextCreation(), template, TestHsm.Cancel);

    public static async ValueTask<KeyPairHandles> EcPairAsync(this TestHsm hsm, TestInstance who, RawAttribute[]? publicMore = null, RawAttribute[]? privateMore = null) =>
        (await hsm.Module.GenerateKeyPairAsync(
            who.Caller, who.ReadWrite, who.NextCreation(), EcKeyPairGen, [AttributeType.EcParams.Is(Templates.P256), AttributeType.Verify.Is(true), .. publicMore ?? []],
            [AttributeType.Sign.Is(true), .. privateMore ?? []], TestHsm.Cancel)).Value;

    public static Outcome<byte[]> Sign(this TestHsm hsm, TestInstance who, ObjectHandle key, byte[] data, MechanismCall? mechanism = null) =>
        hsm.Perform(who, Use.Sign, mechanism ?? EcdsaSha256, key, data);

    public static Outcome<byte[]> Perform(this TestHsm hsm, TestInstance who, Use use, MechanismCall mechanism, ObjectHandle key, byte[] data, byte[]? signature = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Outcome<DrawnIv> done = hsm.Module.Perform(who.Caller, who.ReadWrite, use, mechanism, key, data, signature ?? [], output);
        return done.IsOk ? output.WrittenSpan.ToArray() : done.Cause;
    }

    public static Outcome<byte[]> Read(this TestHsm hsm, TestInstance who, ObjectHandle handle, AttributeType type)
    {
        Outcome<AttributeReading[]> read = hsm.Module.GetAttributes(who.Caller, who.ReadWrite, handle, [type]);
        return !read.IsOk ? read.Cause : read.Value[0].Rv != Rv.Ok ? new Cause(read.Value[0].Rv, "as read") : read.Value[0].Value!.Value.ToArray();
    }

    public static bool IsSet(this TestHsm hsm, TestInstance who, ObjectHandle handle, AttributeType type) => hsm.Read(who, handle, type).Value[0] == 1;

    public static ulong Number(this TestHsm hsm, TestInstance who, ObjectHandle handle, AttributeType type) => BinaryPrimitives.ReadUInt64LittleEndian(hsm.Read(who, handle, type).Value);

    public static ValueTask<Outcome> SetAsync(this TestHsm hsm, TestInstance who, ObjectHandle handle, params RawAttribute[] template) =>
        hsm.Module.SetAttributesAsync(who.Caller, who.ReadWrite, handle, template, TestHsm.Cancel);

    public static ValueTask<Outcome> DestroyAsync(this TestHsm hsm, TestInstance who, ObjectHandle handle) =>
        hsm.Module.DestroyObjectAsync(who.Caller, who.ReadWrite, who.NextCreation(), handle, TestHsm.Cancel);

    public static IReadOnlyList<ObjectHandle> Find(this TestHsm hsm, TestInstance who, params RawAttribute[] query)
    {
        var all = new List<ObjectHandle>();
        FindPage page;
        do
        {
            page = hsm.Module.FindObjects(who.Caller, who.ReadWrite, query, all.Count == 0 ? ObjectHandle.None : all[^1], 4096).Value;
            all.AddRange(page.Handles);
        }
        while (page.More);
        return all;
    }
}
