using System.Buffers;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>An operation that was begun and takes its input in parts. Not for two threads at once. Whatever is refused ends it: dispose it then, as after <see cref="Finish"/>.</summary>
public abstract class Operation : IDisposable
{
    /// <summary>The IV that the HSM drew, if it did.</summary>
    public DrawnIv DrawnIv { get; protected init; }

    /// <summary>After <see cref="Finish"/>: whether that was the end of a first pass, and all input must be sent again to get the output.</summary>
    public virtual bool GoesOn => false;

    /// <summary>Takes one part.</summary>
    /// <param name="data">Any length.</param>
    /// <param name="output">Takes what can be given out already.</param>
    public abstract Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output);

    /// <summary>C_DigestKey: a key's value as the next part.</summary>
    public virtual Outcome Update(KeyMaterial key) => MechanismCauses.KeyIndigestible;

    /// <summary>Ends.</summary>
    /// <param name="signature">What to verify; empty otherwise.</param>
    /// <param name="output">Takes the rest, the signature or the digest.</param>
    public abstract Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output);

    public abstract void Dispose();
}
