using System.CommandLine;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Crypto;
using Strongroom.Cli.Shell;
using Strongroom.Wire;

namespace Strongroom.Cli.Keys;

/// <summary>A way to wrap keys: one subcommand of `key wrap` and one of `key unwrap`.</summary>
/// <param name="Name">name of the subcommands</param>
/// <param name="Description">for help</param>
/// <param name="WrapOptions">options of its own when wrapping</param>
/// <param name="UnwrapOptions">options of its own when unwrapping</param>
/// <param name="Wrapping">the mechanism to wrap with</param>
/// <param name="Unwrapping">the mechanism to unwrap with, and the wrapped key proper</param>
/// <param name="Iv">where the IV goes that the HSM drew</param>
internal sealed record WrapMethod(
    string Name,
    string Description,
    Option[] WrapOptions,
    Option[] UnwrapOptions,
    Func<Call, WireMechanism> Wrapping,
    Func<Call, byte[], (WireMechanism Mechanism, ReadOnlyMemory<byte> Wrapped)> Unwrapping,
    IvPlace Iv = IvPlace.None)
{
    private const int IvSize = 12; // SP 800-38D, section 8.2.2

    private static readonly Option<ulong> TagBits = new("--tag-length-bits") { Description = "bits of the tag", HelpName = "N", Required = true };
    private static readonly Option<string?> Aad = new("--aad") { Description = "associated data, hexadecimal", HelpName = "HEX" };
    private static readonly Option<string> IvOption = new("--iv") { Description = "the IV that wrapping returned, hexadecimal", HelpName = "HEX", Required = true };

    public static IReadOnlyList<WrapMethod> All { get; } =
    [
        new("aes-gcm", "AES-GCM; the IV is returned beside the wrapped key", [TagBits, Aad], [TagBits, Aad, IvOption], DrawnGcm,
            (call, wrapped) => (Gcm(call, AttributeValue.ParseHex("--iv", call.Need(IvOption))), wrapped), IvPlace.Beside),
        new("cloudhsm-aes-gcm", "AES-GCM; the IV stands before the wrapped key", [TagBits, Aad], [TagBits, Aad], DrawnGcm, UnwrapPrefixed, IvPlace.Before),
        new("aes-no-pad", "AES key wrap (RFC 3394)", [], [], _ => Mechanisms.Plain(Mechanisms.AesKeyWrap), (_, wrapped) => (Mechanisms.Plain(Mechanisms.AesKeyWrap), wrapped)),
    ];

    private static WireMechanism DrawnGcm(Call call) => Gcm(call, null);

    private static WireMechanism Gcm(Call call, byte[]? iv) => Mechanisms.Gcm(iv, call.Get(Aad) is { } aad ? AttributeValue.ParseHex("--aad", aad) : null, call.Need(TagBits));

    private static (WireMechanism Mechanism, ReadOnlyMemory<byte> Wrapped) UnwrapPrefixed(Call call, byte[] wrapped) => wrapped.Length > IvSize
        ? (Gcm(call, wrapped[..IvSize]), wrapped.AsMemory(IvSize))
        : throw new CommandRefusedException($"The wrapped key has {wrapped.Length} bytes, of which the first {IvSize} would be the IV");
}
