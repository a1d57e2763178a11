using System.CommandLine;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Crypto;

/// <summary>A signature algorithm of `crypto sign` and `crypto verify`.</summary>
/// <param name="Name">name of the subcommand</param>
/// <param name="Description">for help</param>
/// <param name="Options">options beside key and data</param>
/// <param name="Plan">reads the options</param>
internal sealed record SignatureAlgorithm(string Name, string Description, Option[] Options, Func<Call, SignaturePlan> Plan)
{
    private const string Raw = "raw";
    private const string Digest = "digest";
    private const string ExternalMu = "external-mu";
    private const int MuSize = 64;   // FIPS 204 6.2

    private static readonly Option<ulong> SaltLength = new("--salt-length") { Description = "bytes of salt", HelpName = "N", Required = true };
    private static readonly Option<string> DataType =
        new Option<string>("--data-type") { Description = "whether the data is hashed here, or is a digest already", HelpName = "TYPE", DefaultValueFactory = _ => Raw }.AcceptOnlyFromAmong(Raw, Digest);

    private static readonly Option<string> OnlySha512 =
        new Option<string>("--hash-function") { Description = "the hash", HelpName = "HASH", Required = true }.AcceptOnlyFromAmong(HashFunction.Sha512.Name);

    // ML-DSA hashes by itself (FIPS 204); CloudHSM's tool has its users say so.
    private static readonly Option<string> OnlyShake256 =
        new Option<string>("--hash-function") { Description = "the hash that is part of ML-DSA", HelpName = "HASH", DefaultValueFactory = _ => "shake256" }.AcceptOnlyFromAmong("shake256");

    private static readonly Option<string> RawOrMu =
        new Option<string>("--data-type") { Description = "the data itself, or the message representative of FIPS 204, 64 bytes", HelpName = "TYPE", DefaultValueFactory = _ => Raw }.AcceptOnlyFromAmong(Raw, ExternalMu);

    public static IReadOnlyList<SignatureAlgorithm> All { get; } =
    [
        new("ecdsa", "ECDSA; the signature is r and s, one after the other", [HashFunction.Option, DataType], call => Hashed(call, Chosen(call), Mechanisms.Plain(Mechanisms.Ecdsa))),
        new("ed25519", "Ed25519, outside FIPS mode", [], _ => new SignaturePlan(Mechanisms.Ed25519(), null, false)),
        new("ed25519ph", "Ed25519ph, which signs a digest; outside FIPS mode", [OnlySha512, DataType], call => Hashed(call, HashFunction.Sha512, Mechanisms.Ed25519OfDigest())),
        new("ml-dsa", "ML-DSA of data of at most 1 MiB, outside FIPS mode", [RawOrMu, OnlyShake256], MlDsa),
        new("rsa-pkcs", "RSASSA-PKCS1-v1_5", [HashFunction.Option, DataType], call => Hashed(call, Chosen(call), Mechanisms.Plain(Mechanisms.RsaPkcs)) with { Prefix = Chosen(call).DigestInfo }),
        new("rsa-pkcs-pss", "RSASSA-PSS", [HashFunction.Option, DataType, HashFunction.MgfOption, SaltLength], call => Hashed(call, Chosen(call), Pss(call, Chosen(call)))),
    ];

    private static SignaturePlan MlDsa(Call call) =>
        call.Need(RawOrMu) == ExternalMu ? new(Mechanisms.MlDsaOfMu(), null, true) { Size = MuSize } : new(Mechanisms.MlDsa(), null, false);

    private static HashFunction Chosen(Call call) => HashFunction.Named(call.Need(HashFunction.Option));

    private static SignaturePlan Hashed(Call call, HashFunction hash, WireMechanism mechanism) => new(mechanism, hash, call.Need(DataType) == Digest);

    private static WireMechanism Pss(Call call, HashFunction hash) => call.Need(HashFunction.MgfOption) == hash.MgfName
        ? Mechanisms.Pss(hash.Mechanism, hash.Mgf, call.Need(SaltLength))
        : throw new CommandRefusedException($"--mgf {call.Need(HashFunction.MgfOption)} does not fit --hash-function {hash.Name}: they must be of the same hash");
}
