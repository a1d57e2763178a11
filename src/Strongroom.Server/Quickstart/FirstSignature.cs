using Strongroom.Server.Deployment;
using Strongroom.Server.Terminal;

namespace Strongroom.Server.Quickstart;

/// <summary>The point of it all: a program that nobody here wrote signs with a key that it can't read, and OpenSSL alone verifies.</summary>
internal sealed class FirstSignature(Layout layout, IReadOnlyDictionary<string, string> environment)
{
    private const string KeyId = "7175696b";
    private const string Login = "--module \"$STRONGROOM_PKCS11_MODULE\" --token-label \"$STRONGROOM_TOKEN_LABEL\" --login --pin env:STRONGROOM_PIN";

    private string Folder => Path.Combine(layout.Customer, "first-signature");

    public async Task ShowAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Folder, PrivateFile.OwnerOnlyDirectory);
        Screen.Line();
        Screen.Heading("A key in the HSM signs; OpenSSL alone verifies");
        var keys = await Tool.RunAsync(Folder, $"pkcs11-tool {Login} --list-objects --type privkey --id {KeyId}", environment, cancel).ConfigureAwait(false);
        if (!keys.Contains("Private Key Object", StringComparison.Ordinal))
        {
            await ToolAsync($"pkcs11-tool {Login} --keypairgen --key-type EC:prime256v1 --usage-sign --id {KeyId} --label quickstart", cancel).ConfigureAwait(false);
        }

        await File.WriteAllTextAsync(Path.Combine(Folder, "message.txt"), "Signed by a key that its program can't read.\n", cancel).ConfigureAwait(false);
        await ToolAsync($"pkcs11-tool {Login} --sign --mechanism ECDSA-SHA256 --signature-format openssl --id {KeyId} --input-file message.txt --output-file message.sig", cancel).ConfigureAwait(false);
        await ToolAsync($"pkcs11-tool {Login} --read-object --type pubkey --id {KeyId} --output-file key.der", cancel).ConfigureAwait(false);
        await ToolAsync("openssl pkey -pubin -inform DER -in key.der -out key.pem", cancel).ConfigureAwait(false);
        var verdict = (await ToolAsync("openssl dgst -sha256 -verify key.pem -signature message.sig message.txt", cancel).ConfigureAwait(false)).Trim();
        if (verdict != "Verified OK")
        {
            throw new RefusalException($"OpenSSL did not verify the signature: {verdict}");
        }

        Screen.Done($"OpenSSL says: {verdict}  (files in {Folder})");
    }

    private Task<string> ToolAsync(string command, CancellationToken cancel) => Tool.ShowAsync(Folder, command, environment, cancel);
}
