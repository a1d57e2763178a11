using System.Runtime.InteropServices;
using System.Text;
using Strongroom.EndToEnd.Tests.Machine;

namespace Strongroom.EndToEnd.Tests.Pkcs11Binding;

/// <summary>The real library, loaded as any host does, with one session in which the crypto user is logged in.</summary>
public sealed unsafe partial class Token : IDisposable
{
    private readonly nint _library;
    private readonly ulong _slot;
    private ulong _session;
    private readonly bool _isFirst;

    private Token(Token first)
    {
        (_library, _slot, Mechanisms) = (first._library, first._slot, first.Mechanisms);
        ulong session = 0;
        Check(((delegate* unmanaged<ulong, ulong, nint, nint, ulong*, ulong>)Export("C_OpenSession"))(_slot, 6, 0, 0, &session), "C_OpenSession");
        _session = session;
    }

    private Token(string module)
    {
        _isFirst = true;
        _library = NativeLibrary.Load(module);
        Check(((delegate* unmanaged<nint, ulong>)Export("C_Initialize"))(0), "C_Initialize");
        ulong count = 16;
        var slots = stackalloc ulong[16];
        Check(((delegate* unmanaged<byte, ulong*, ulong*, ulong>)Export("C_GetSlotList"))(1, slots, &count), "C_GetSlotList");
        _slot = slots[0];
        Mechanisms = new HashSet<ulong>();
    }

    private Token(string module, string pin)
        : this(module)
    {
        Check(OpenSession(), "C_OpenSession");
        Check(LogIn(pin), "C_Login");
        ulong count = 0;
        var list = (delegate* unmanaged<ulong, ulong*, ulong*, ulong>)Export("C_GetMechanismList");
        Check(list(_slot, null, &count), "C_GetMechanismList");
        var mechanisms = new ulong[count];
        fixed (ulong* p = mechanisms)
        {
            Check(list(_slot, p, &count), "C_GetMechanismList");
        }

        Mechanisms = mechanisms.ToHashSet();
    }

    internal IReadOnlySet<ulong> Mechanisms { get; }

    /// <summary>Initialises the library of a deployment in this process, logged in as its crypto user.</summary>
    public static Token Of(QuickstartDeployment deployment) => Of(deployment, deployment.Pin);

    /// <summary>The same for another user.</summary>
    public static Token Of(QuickstartDeployment deployment, string pin)
    {
        UseConfigurationOf(deployment);
        return new Token(deployment.Module, pin);
    }

    /// <summary>The library without a session: its HSM may be away.</summary>
    internal static Token Initialized(QuickstartDeployment deployment)
    {
        UseConfigurationOf(deployment);
        return new Token(deployment.Module);
    }

    /// <summary>C_OpenSession for what is done later.</summary>
    internal ulong OpenSession()
    {
        ulong session = 0;
        var rv = ((delegate* unmanaged<ulong, ulong, nint, nint, ulong*, ulong>)Export("C_OpenSession"))(_slot, 6, 0, 0, &session);
        _session = session;
        return rv;
    }

    /// <summary>C_Login as a crypto user.</summary>
    internal ulong LogIn(string pin)
    {
        var bytes = Encoding.UTF8.GetBytes(pin);
        fixed (byte* p = bytes)
        {
            return ((delegate* unmanaged<ulong, ulong, byte*, ulong, ulong>)Export("C_Login"))(_session, 1, p, (ulong)bytes.Length);
        }
    }

    /// <summary>Another session of the same login, for another thread.</summary>
    internal Token AnotherSession() => new(this);

    /// <summary>Lets the library, when it is initialised in this process, find a deployment. It reads the C environment, which .NET's own setter does not change.</summary>
    internal static void UseConfigurationOf(QuickstartDeployment deployment) => _ = SetEnvironment("STRONGROOM_PKCS11_CONFIG", deployment.Variables["STRONGROOM_PKCS11_CONFIG"], 1);

    /// <returns>CKR, and the handle.</returns>
    internal (ulong Rv, ulong Handle) Create(params CkAttribute[] template)
    {
        using var memory = new NativeMemory();
        ulong handle = 0;
        var rv = ((delegate* unmanaged<ulong, nint, ulong, ulong*, ulong>)Export("C_CreateObject"))(_session, Template(memory, template), (ulong)template.Length, &handle);
        return (rv, handle);
    }

    /// <summary>The handles of all objects that match.</summary>
    internal ulong[] Find(params CkAttribute[] template)
    {
        using var memory = new NativeMemory();
        Check(((delegate* unmanaged<ulong, nint, ulong, ulong>)Export("C_FindObjectsInit"))(_session, Template(memory, template), (ulong)template.Length), "C_FindObjectsInit");
        var found = new List<ulong>();
        var page = stackalloc ulong[1000];
        ulong count;
        do
        {
            Check(((delegate* unmanaged<ulong, ulong*, ulong, ulong*, ulong>)Export("C_FindObjects"))(_session, page, 1000, &count), "C_FindObjects");
            found.AddRange(new ReadOnlySpan<ulong>(page, (int)count));
        }
        while (count > 0);
        Check(((delegate* unmanaged<ulong, ulong>)Export("C_FindObjectsFinal"))(_session), "C_FindObjectsFinal");
        return [.. found];
    }

    internal void Destroy(ulong handle) => ((delegate* unmanaged<ulong, ulong, ulong>)Export("C_DestroyObject"))(_session, handle);

    internal (ulong Rv, byte[] Output) Encrypt(Mechanism mechanism, ulong key, byte[] data) => Transform("C_Encrypt", mechanism, key, data);

    internal (ulong Rv, byte[] Output) Decrypt(Mechanism mechanism, ulong key, byte[] data) => Transform("C_Decrypt", mechanism, key, data);

    internal (ulong Rv, byte[] Output) Sign(Mechanism mechanism, ulong key, byte[] data) => Transform("C_Sign", mechanism, key, data);

    internal ulong Verify(Mechanism mechanism, ulong key, byte[] data, byte[] signature)
    {
        var rv = Init("C_VerifyInit", mechanism, key);
        if (rv != Ck.Ok)
        {
            return rv;
        }

        using var memory = new NativeMemory();
        return ((delegate* unmanaged<ulong, nint, ulong, nint, ulong, ulong>)Export("C_Verify"))(_session, memory.Put(data), (ulong)data.Length, memory.Put(signature), (ulong)signature.Length);
    }

    internal (ulong Rv, ulong Handle) Derive(Mechanism mechanism, ulong key, params CkAttribute[] template)
    {
        using var memory = new NativeMemory();
        ulong handle = 0;
        var rv = ((delegate* unmanaged<ulong, nint, ulong, nint, ulong, ulong*, ulong>)Export("C_DeriveKey"))(
            _session, mechanism.Put(memory), key, Template(memory, template), (ulong)template.Length, &handle);
        return (rv, handle);
    }

    internal (ulong Rv, ulong Handle) Unwrap(Mechanism mechanism, ulong key, byte[] wrapped, params CkAttribute[] template)
    {
        using var memory = new NativeMemory();
        ulong handle = 0;
        var rv = ((delegate* unmanaged<ulong, nint, ulong, nint, ulong, nint, ulong, ulong*, ulong>)Export("C_UnwrapKey"))(
            _session, mechanism.Put(memory), key, memory.Put(wrapped), (ulong)wrapped.Length, Template(memory, template), (ulong)template.Length, &handle);
        return (rv, handle);
    }

    /// <summary>How many objects the session sees.</summary>
    internal int CountObjects()
    {
        Check(((delegate* unmanaged<ulong, nint, ulong, ulong>)Export("C_FindObjectsInit"))(_session, 0, 0), "C_FindObjectsInit");
        var handles = stackalloc ulong[256];
        var (total, count) = (0, 0UL);
        do
        {
            Check(((delegate* unmanaged<ulong, ulong*, ulong, ulong*, ulong>)Export("C_FindObjects"))(_session, handles, 256, &count), "C_FindObjects");
            total += (int)count;
        }
        while (count > 0);
        Check(((delegate* unmanaged<ulong, ulong>)Export("C_FindObjectsFinal"))(_session), "C_FindObjectsFinal");
        return total;
    }

    internal byte[] Read(ulong handle, ulong type)
    {
        using var memory = new NativeMemory();
        var buffer = new byte[8192];
        fixed (byte* p = buffer)
        {
            var attribute = stackalloc nint[3] { (nint)type, (nint)p, buffer.Length };
            Check(((delegate* unmanaged<ulong, ulong, nint*, ulong, ulong>)Export("C_GetAttributeValue"))(_session, handle, attribute, 1), "C_GetAttributeValue");
            return buffer[..(int)attribute[2]];
        }
    }

    /// <summary>Ends the session; the one that logged in ends the library.</summary>
    public void Dispose() => _ = _isFirst
        ? ((delegate* unmanaged<nint, ulong>)Export("C_Finalize"))(0)
        : ((delegate* unmanaged<ulong, ulong>)Export("C_CloseSession"))(_session);

    private (ulong Rv, byte[] Output) Transform(string function, Mechanism mechanism, ulong key, byte[] data)
    {
        var rv = Init(function + "Init", mechanism, key);
        if (rv != Ck.Ok)
        {
            return (rv, []);
        }

        using var memory = new NativeMemory();
        var output = new byte[data.Length + 8192];
        var length = (ulong)output.Length;
        fixed (byte* p = output)
        {
            rv = ((delegate* unmanaged<ulong, nint, ulong, byte*, ulong*, ulong>)Export(function))(_session, memory.Put(data), (ulong)data.Length, p, &length);
        }

        return (rv, rv == Ck.Ok ? output[..(int)length] : []);
    }

    private ulong Init(string function, Mechanism mechanism, ulong key)
    {
        using var memory = new NativeMemory();
        return ((delegate* unmanaged<ulong, nint, ulong, ulong>)Export(function))(_session, mechanism.Put(memory), key);
    }

    private static nint Template(NativeMemory memory, CkAttribute[] template) =>
        memory.Put(memory.Words([.. template.SelectMany(a => new[] { (nint)a.Type, memory.Put(a.Value), a.Value.Length })]));

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);

    private static void Check(ulong rv, string function)
    {
        if (rv != Ck.Ok)
        {
            throw new InvalidOperationException($"{function}: 0x{rv:X}");
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
