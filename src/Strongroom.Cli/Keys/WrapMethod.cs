using System.CommandLine;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Crypto;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>A way to wrap keys: one subcommand of `key wrap` and one of `key unwrap`.</summary>
/// <param name="Name">name of the subcommands</param>
/// <param name="Description">for help</param>
/// <param name="Options">options of its own in both directions</param>
/// <param name="Mechanism">the mechanism in both directions</param>
/// <param name="IvIsApart">whether the IV, which the HSM puts in front of the wrapped key, stands in a field of its own</param>
/// <param name="Separator">what stands between the words of the answer's names: AWS's own commands differ</param>
internal sealed record WrapMethod(string Name, string Description, Option[] Options, Func<Call, WireMechanism> Mechanism, bool IvIsApart = false, char Separator = '_')
{
    private const int IvSize = 12; // SP 800-38D, section 8.2.2

    private static readonly Option<ulong> TagBits = new("--tag-length-bits") { Description = "bits of the tag", HelpName = "N", Required = true };
    private static readonly Option<string?> Aad = new("--aad") { Description = "associated data, hexadecimal", HelpName = "HEX" };
    private static readonly Option<string> Iv = new("--iv") { Description = "the IV that wrapping returned, hexadecimal", HelpName = "HEX", Required = true };

    public static IReadOnlyList<WrapMethod> All { get; } =
    [
        new("aes-gcm", "AES-GCM; the IV is returned beside the wrapped key", [TagBits, Aad], Gcm, IvIsApart: true),
        new("cloudhsm-aes-gcm", "AES-GCM; the IV stands before the wrapped key", [TagBits, Aad], Gcm),
        new("aes-no-pad", "AES key wrap (RFC 3394)", [], _ => Mechanisms.Plain(Mechanisms.AesKeyWrap)),
        new("aes-pkcs5-pad", "AES key wrap of a key padded to whole half-blocks", [], _ => Mechanisms.Plain(Mechanisms.CloudHsmAesKeyWrapPkcs5Pad)),
        new("aes-zero-pad", "AES key wrap with padding (RFC 5649)", [], _ => Mechanisms.Plain(Mechanisms.AesKeyWrapKwp)),
        new("rsa-pkcs", "RSAES-PKCS1-v1_5, outside FIPS mode", [], _ => Mechanisms.Plain(Mechanisms.RsaPkcs)),
        new("rsa-oaep", "RSAES-OAEP", [HashFunction.Option, HashFunction.MgfOption], call => Oaep(call, Mechanisms.Oaep)),
        new("rsa-aes", "RSAES-OAEP around an AES key that wraps, for keys of any length", [HashFunction.Option, HashFunction.MgfOption], call => Oaep(call, Mechanisms.RsaAes), Separator: '-'),
    ];

    /// <summary>Options of `key unwrap`.</summary>
    public Option[] UnwrapOptions => IvIsApart ? [.. Options, Iv] : Options;

    /// <summary>What the HSM shall unwrap.</summary>
    public byte[] Join(Call call, byte[] wrapped) => IvIsApart ? [.. AttributeValue.ParseHex("--iv", call.Need(Iv)), .. wrapped] : wrapped;

    /// <summary>The IV that is returned beside the wrapped key, and the wrapped key.</summary>
    public (byte[]? Iv, byte[] Wrapped) Part(byte[] wrapped) => IvIsApart ? (wrapped[..IvSize], wrapped[IvSize..]) : (null, wrapped);

    private static WireMechanism Gcm(Call call) => Mechanisms.Gcm(call.Get(Aad) is { } aad ? AttributeValue.ParseHex("--aad", aad) : null, call.Need(TagBits));

    private static WireMechanism Oaep(Call call, Func<ulong, ulong, WireMechanism> mechanism) =>
        mechanism(HashFunction.Named(call.Need(HashFunction.Option)).Mechanism, HashFunction.OfMgf(call.Need(HashFunction.MgfOption)).Mgf);
}
