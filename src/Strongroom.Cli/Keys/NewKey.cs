using System.CommandLine;
using Strongroom.Cli.Attributes;
using Strongroom.Cli.Shell;
using Strongroom.Client;

namespace Strongroom.Cli.Keys;

/// <summary>CloudHSM's defaults for a key made by the CLI (they differ from PKCS#11's: token keys, and every usage stated), and the options that change them.</summary>
internal static class NewKey
{
    public static Option<string> Label(string name = "--label") => new(name) { Description = "the key's label", HelpName = "LABEL", Required = true };

    public static Option<bool> Session { get; } = new("--session") { Description = "a key that ends with this login and lives on one HSM" };

    public static Option<string[]> ShareWith { get; } = CommonOptions.Several("--share-crypto-users", "crypto users who may use the new key", "USERNAME", required: false);

    private static readonly Option<ulong> ManageQuorum = Quorum("--manage-key-quorum-value", "managing the key");
    private static readonly Option<ulong> UseQuorum = Quorum("--use-key-quorum-value", "using the key");
    private static readonly Option<ulong> ManagePrivateQuorum = Quorum("--manage-private-key-quorum-value", "managing the private key");
    private static readonly Option<ulong> UsePrivateQuorum = Quorum("--use-private-key-quorum-value", "using the private key");

    /// <summary>What a new key may be bound to from its beginning.</summary>
    /// <param name="ofPair">of a pair's private key</param>
    public static Option[] TermsOptions(bool ofPair = false) => ofPair ? [ShareWith, ManagePrivateQuorum, UsePrivateQuorum] : [ShareWith, ManageQuorum, UseQuorum];

    /// <summary>Whom the new key is shared with, and how many approvals it takes.</summary>
    public static KeyTerms Terms(Call call, bool ofPair = false) => new(
        [.. (call.Get(ShareWith) ?? []).Select(name => name.ToLowerInvariant())], call.Get(ofPair ? ManagePrivateQuorum : ManageQuorum), call.Get(ofPair ? UsePrivateQuorum : UseQuorum));

    private static Option<ulong> Quorum(string name, string what) => new(name) { Description = $"approvals that {what} will take: 0, or 2 to 8 and at most as many as it has users", HelpName = "N" };

    /// <summary>A secret key: signs and verifies unless told otherwise.</summary>
    public static AttributeList Secret(string label, bool session) => Common(label, session)
        .Set(Cka.Private, true).Set(Cka.Sensitive, true).Set(Cka.Extractable, true)
        .Set(Cka.Encrypt, false).Set(Cka.Decrypt, false).Set(Cka.Wrap, false).Set(Cka.Unwrap, false).Set(Cka.Sign, true).Set(Cka.Verify, true);

    /// <summary>A private key: no use unless told otherwise.</summary>
    public static AttributeList Private(string label, bool session) => Common(label, session)
        .Set(Cka.Private, true).Set(Cka.Sensitive, true).Set(Cka.Extractable, true)
        .Set(Cka.Decrypt, false).Set(Cka.Unwrap, false).Set(Cka.Sign, false);

    /// <summary>A public key: no use unless told otherwise.</summary>
    public static AttributeList Public(string label, bool session) => Common(label, session)
        .Set(Cka.Encrypt, false).Set(Cka.Wrap, false).Set(Cka.Verify, false);

    private static AttributeList Common(string label, bool session) => new AttributeList().Set(Cka.Token, !session).Set(Cka.Label, label).Set(Cka.Derive, false);
}
