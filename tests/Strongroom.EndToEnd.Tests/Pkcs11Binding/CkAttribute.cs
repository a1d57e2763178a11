using System.Buffers.Binary;

namespace Strongroom.EndToEnd.Tests.Pkcs11Binding;

/// <summary>One attribute of a template, as bytes.</summary>
internal readonly record struct CkAttribute(ulong Type, byte[] Value)
{
    public static CkAttribute Of(ulong type, bool value) => new(type, [(byte)(value ? 1 : 0)]);

    public static CkAttribute Of(ulong type, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return new CkAttribute(type, bytes);
    }

    public static CkAttribute Of(ulong type, byte[] value) => new(type, value);
}
