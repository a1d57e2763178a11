using System.Buffers;
using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Keys;

namespace Strongroom.Hsm.Mechanisms;

/// <summary>
/// The family of message authentication codes. A general form (PKCS#11: _GENERAL) takes the length of the code as its parameter and gives its first bytes; the other gives the whole code.
/// In FIPS mode a general code has at least 32 bits (SP 800-107 5.3.3, SP 800-38B A.2).
/// </summary>
public abstract class MacMechanism : Mechanism
{
    private const ulong ShortestApproved = 4;
    private const int LongestCode = 64;

    public sealed override MechanismFlags Flags => MechanismFlags.Sign | MechanismFlags.Verify;

    public sealed override ParameterShape Shape => IsGeneral ? ParameterShape.Length : ParameterShape.None;

    public sealed override bool Multipart => true;

    /// <summary>Whether the caller names the length.</summary>
    protected virtual bool IsGeneral => false;

    /// <summary>Bytes of the whole code.</summary>
    protected abstract int FullSize { get; }

    /// <summary>Starts a computation.</summary>
    protected abstract MacStream Start(SecretKey key);

    protected override Outcome CheckCall(Use use, in MechanismCall call, KeyMaterial key, ClusterMode mode) =>
        !IsGeneral || (call.Bits is { } size && size >= (mode == ClusterMode.Fips ? ShortestApproved : 1) && size <= (ulong)FullSize) ? Outcome.Ok : MechanismCauses.MacLength;

    protected sealed override OutputLength LengthOf(Use use, in MechanismCall call, KeyMaterial? key) => new(SizeOf(call), 0, 1, 0);

    protected sealed override Outcome<DrawnIv> PerformChecked(
        Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        using var mac = Start((SecretKey)key!);
        mac.Update(data);
        var done = Deliver(use, mac, SizeOf(call), signature, output);
        return done.IsOk ? DrawnIv.None : done.Cause;
    }

    protected sealed override Outcome<Operation> BeginChecked(Use use, in MechanismCall call, KeyMaterial? key, ClusterMode mode) => new MacOperation(use, Start((SecretKey)key!), SizeOf(call));

    private static Outcome Deliver(Use use, MacStream mac, int size, ReadOnlySpan<byte> signature, IBufferWriter<byte> output)
    {
        Span<byte> whole = stackalloc byte[LongestCode];
        mac.Finish(whole);
        var code = whole[..size];
        if (use == Use.Sign)
        {
            output.Write(code);
            return Outcome.Ok;
        }

        return signature.Length != size ? MechanismCauses.SignatureLength
            : CryptographicOperations.FixedTimeEquals(code, signature) ? Outcome.Ok : MechanismCauses.SignatureInvalid;
    }

    private int SizeOf(in MechanismCall call) => IsGeneral ? (int)call.Bits!.Value : FullSize;

    // libcrypto's context has the key's schedule; the key itself is no longer needed.
    private sealed class MacOperation(Use use, MacStream mac, int size) : Operation
    {
        public override Outcome Update(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
        {
            mac.Update(data);
            return Outcome.Ok;
        }

        public override Outcome Finish(ReadOnlySpan<byte> signature, IBufferWriter<byte> output) => Deliver(use, mac, size, signature, output);

        public override void Dispose() => mac.Dispose();
    }
}
