namespace Strongroom.EndToEnd.Tests.Pkcs11Binding;

// Making keys.
public sealed unsafe partial class Token
{
    internal (ulong Rv, ulong Handle) Generate(Mechanism mechanism, params CkAttribute[] template)
    {
        using var memory = new NativeMemory();
        ulong handle = 0;
        var rv = ((delegate* unmanaged<ulong, nint, nint, ulong, ulong*, ulong>)Export("C_GenerateKey"))(
            _session, mechanism.Put(memory), Template(memory, template), (ulong)template.Length, &handle);
        return (rv, handle);
    }

    internal (ulong Rv, ulong Public, ulong Private) GeneratePair(Mechanism mechanism, CkAttribute[] publicTemplate, CkAttribute[] privateTemplate)
    {
        using var memory = new NativeMemory();
        ulong publicKey = 0, privateKey = 0;
        var rv = ((delegate* unmanaged<ulong, nint, nint, ulong, nint, ulong, ulong*, ulong*, ulong>)Export("C_GenerateKeyPair"))(
            _session, mechanism.Put(memory), Template(memory, publicTemplate), (ulong)publicTemplate.Length, Template(memory, privateTemplate), (ulong)privateTemplate.Length, &publicKey, &privateKey);
        return (rv, publicKey, privateKey);
    }

    /// <returns>The wrapped key; empty on refusal.</returns>
    internal (ulong Rv, byte[] Wrapped) Wrap(Mechanism mechanism, ulong wrappingKey, ulong key)
    {
        using var memory = new NativeMemory();
        var wrapped = new byte[16384];
        var length = (ulong)wrapped.Length;
        fixed (byte* p = wrapped)
        {
            var rv = ((delegate* unmanaged<ulong, nint, ulong, ulong, byte*, ulong*, ulong>)Export("C_WrapKey"))(_session, mechanism.Put(memory), wrappingKey, key, p, &length);
            return (rv, rv == Ck.Ok ? wrapped[..(int)length] : []);
        }
    }

    /// <param name="mechanism">The mechanism.</param>
    /// <param name="key">The public key.</param>
    /// <param name="room">Bytes of the buffer; null asks for the length.</param>
    /// <param name="template">Of the shared secret.</param>
    /// <returns>CKR, the length that was told, the ciphertext, the handle or 0.</returns>
    internal (ulong Rv, ulong Length, byte[] Ciphertext, ulong Handle) Encapsulate(Mechanism mechanism, ulong key, int? room, params CkAttribute[] template)
    {
        using var memory = new NativeMemory();
        var ciphertext = new byte[Math.Max(1, room ?? 0)];
        ulong length = (ulong)(room ?? 0), handle = 0;
        fixed (byte* p = ciphertext)
        {
            var rv = ((delegate* unmanaged<ulong, nint, ulong, nint, ulong, byte*, ulong*, ulong*, ulong>)Export("C_EncapsulateKey"))(
                _session, mechanism.Put(memory), key, Template(memory, template), (ulong)template.Length, room is null ? null : p, &length, &handle);
            return (rv, length, rv == Ck.Ok && room is not null ? ciphertext[..(int)length] : [], handle);
        }
    }

    internal (ulong Rv, ulong Handle) Decapsulate(Mechanism mechanism, ulong key, byte[] ciphertext, params CkAttribute[] template)
    {
        using var memory = new NativeMemory();
        ulong handle = 0;
        var rv = ((delegate* unmanaged<ulong, nint, ulong, nint, ulong, nint, ulong, ulong*, ulong>)Export("C_DecapsulateKey"))(
            _session, mechanism.Put(memory), key, Template(memory, template), (ulong)template.Length, memory.Put(ciphertext), (ulong)ciphertext.Length, &handle);
        return (rv, handle);
    }
}
