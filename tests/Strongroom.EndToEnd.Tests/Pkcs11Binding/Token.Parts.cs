namespace Strongroom.EndToEnd.Tests.Pkcs11Binding;

// Operations in parts.
public sealed unsafe partial class Token
{
    /// <summary>Runs an operation over parts that are made one after the other, and gives what comes out to a consumer.</summary>
    /// <param name="function">C_Encrypt, C_Decrypt, C_Sign or C_Digest, without what stands behind.</param>
    /// <param name="mechanism">The mechanism.</param>
    /// <param name="key">The key; ignored for a digest.</param>
    /// <param name="parts">The input; each array may be reused for the next part.</param>
    /// <param name="output">Takes each piece of output.</param>
    internal ulong InParts(string function, Mechanism mechanism, ulong key, IEnumerable<byte[]> parts, Action<ReadOnlySpan<byte>> output)
    {
        var rv = function == "C_Digest" ? InitDigest(mechanism) : Init(function + "Init", mechanism, key);
        byte[] buffer = [];
        foreach (var part in parts)
        {
            if (rv != Ck.Ok)
            {
                return rv;
            }

            rv = function is "C_Sign" or "C_Digest" ? Absorb(function, part) : Step(function + "Update", part, ref buffer, output);
        }

        return rv == Ck.Ok ? Step(function + "Final", null, ref buffer, output) : rv;
    }

    internal ulong VerifyInParts(Mechanism mechanism, ulong key, IEnumerable<byte[]> parts, byte[] signature)
    {
        var rv = Init("C_VerifyInit", mechanism, key);
        foreach (var part in parts)
        {
            rv = rv == Ck.Ok ? Absorb("C_Verify", part) : rv;
        }

        fixed (byte* p = signature)
        {
            return rv == Ck.Ok ? ((delegate* unmanaged<ulong, byte*, ulong, ulong>)Export("C_VerifyFinal"))(_session, p, (ulong)signature.Length) : rv;
        }
    }

    /// <summary>The codes of C_*Final for an operation that may be open.</summary>
    internal ulong Finish(string function)
    {
        var output = new byte[8192];
        var length = (ulong)output.Length;
        fixed (byte* p = output)
        {
            return ((delegate* unmanaged<ulong, byte*, ulong*, ulong>)Export(function + "Final"))(_session, p, &length);
        }
    }

    private ulong InitDigest(Mechanism mechanism)
    {
        using var memory = new NativeMemory();
        return ((delegate* unmanaged<ulong, nint, ulong>)Export("C_DigestInit"))(_session, mechanism.Put(memory));
    }

    private ulong Absorb(string function, byte[] part)
    {
        fixed (byte* p = part)
        {
            return ((delegate* unmanaged<ulong, byte*, ulong, ulong>)Export(function + "Update"))(_session, p, (ulong)part.Length);
        }
    }

    // Asks for the length, then for the bytes, as applications do.
    private ulong Step(string function, byte[]? part, ref byte[] buffer, Action<ReadOnlySpan<byte>> output)
    {
        var length = 0UL;
        var rv = Call(function, part, null, &length);
        if (rv != Ck.Ok)
        {
            return rv;
        }

        if ((ulong)buffer.Length < length)
        {
            buffer = new byte[length];
        }

        length = (ulong)buffer.Length;
        fixed (byte* p = buffer.Length == 0 ? new byte[1] : buffer)
        {
            rv = Call(function, part, p, &length);
        }

        if (rv == Ck.Ok)
        {
            output(buffer.AsSpan(0, (int)length));
        }

        return rv;
    }

    private ulong Call(string function, byte[]? part, byte* output, ulong* length)
    {
        if (part is null)
        {
            return ((delegate* unmanaged<ulong, byte*, ulong*, ulong>)Export(function))(_session, output, length);
        }

        fixed (byte* p = part)
        {
            return ((delegate* unmanaged<ulong, byte*, ulong, byte*, ulong*, ulong>)Export(function))(_session, p, (ulong)part.Length, output, length);
        }
    }
}
