using System.Runtime.InteropServices;

namespace Strongroom.EndToEnd.Tests.Pkcs11Binding;

/// <summary>Unmanaged memory for the arguments of one call; all of it is freed together.</summary>
internal sealed unsafe class NativeMemory : IDisposable
{
    private readonly List<nint> _blocks = [];

    /// <summary>A copy of the bytes. Empty bytes get a valid pointer too.</summary>
    public nint Put(ReadOnlySpan<byte> bytes)
    {
        var block = (nint)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)Math.Max(1, bytes.Length));
        bytes.CopyTo(new Span<byte>((void*)block, bytes.Length));
        _blocks.Add(block);
        return block;
    }

    /// <summary>A C structure of 8-byte members (CK_ULONG and pointers), laid out on 64 bits.</summary>
    public byte[] Words(params nint[] words) => MemoryMarshal.AsBytes(words.AsSpan()).ToArray();

    public void Dispose()
    {
        foreach (var block in _blocks)
        {
            System.Runtime.InteropServices.NativeMemory.Free((void*)block);
        }
    }
}
