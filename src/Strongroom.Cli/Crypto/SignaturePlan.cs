using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Crypto;

/// <summary>How a call signs or verifies. Data that is hashed is hashed here, so that it may be of any length; the HSM gets the digest.</summary>
/// <param name="Mechanism">what the HSM does</param>
/// <param name="Hash">the hash of the data; null if the HSM takes the data itself</param>
/// <param name="IsDigest">the caller's data is a digest already</param>
internal sealed record SignaturePlan(WireMechanism Mechanism, HashFunction? Hash, bool IsDigest)
{
    /// <summary>Bytes that the data must have; null: any number.</summary>
    public int? Size { get; init; }

    /// <summary>What stands before the digest.</summary>
    public byte[] Prefix { get; init; } = [];

    /// <summary>Refuses data of a length that the mechanism does not take.</summary>
    public byte[] Check(byte[] data) =>
        Size is { } size && data.Length != size ? throw new CommandRefusedException($"The data must have {size} bytes; {data.Length} were given") : data;
}
