using System.CommandLine;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Crypto;

/// <summary>A signature algorithm of `crypto sign` and `crypto verify`. Data is hashed here, so that it may be of any length; the HSM signs the digest.</summary>
/// <param name="Name">name of the subcommand</param>
/// <param name="Description">for help</param>
/// <param name="Options">options of its own</param>
/// <param name="Mechanism">the mechanism for this call</param>
/// <param name="Input">what the HSM signs, made of the digest</param>
internal sealed record SignatureAlgorithm(string Name, string Description, Option[] Options, Func<Call, HashFunction, WireMechanism> Mechanism, Func<HashFunction, byte[], byte[]> Input)
{
    private static readonly Option<ulong> SaltLength = new("--salt-length") { Description = "bytes of salt", HelpName = "N", Required = true };

    public static IReadOnlyList<SignatureAlgorithm> All { get; } =
    [
        new("ecdsa", "ECDSA; the signature is r and s, one after the other", [], (_, _) => Mechanisms.Plain(Mechanisms.Ecdsa), (_, digest) => digest),
        new("rsa-pkcs", "RSASSA-PKCS1-v1_5", [], (_, _) => Mechanisms.Plain(Mechanisms.RsaPkcs), (hash, digest) => [.. hash.DigestInfo, .. digest]),
        new("rsa-pkcs-pss", "RSASSA-PSS", [HashFunction.MgfOption, SaltLength], Pss, (_, digest) => digest),
    ];

    private static WireMechanism Pss(Call call, HashFunction hash) => call.Need(HashFunction.MgfOption) == hash.MgfName
        ? Mechanisms.Pss(hash.Mechanism, hash.Mgf, call.Need(SaltLength))
        : throw new CommandRefusedException($"--mgf {call.Need(HashFunction.MgfOption)} does not fit --hash-function {hash.Name}: they must be of the same hash");
}
