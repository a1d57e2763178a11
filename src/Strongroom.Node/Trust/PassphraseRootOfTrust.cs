using Strongroom.Crypto;
using Strongroom.Node.State;

namespace Strongroom.Node.Trust;

/// <summary>
/// A passphrase, typed at every start straight into the HSM process. The state is sealed under a drawn key, and root.sealed holds that key under one derived from the passphrase (scrypt with 128 MiB, RFC 7914):
/// so a passphrase can be changed without sealing everything anew.
/// </summary>
internal sealed class PassphraseRootOfTrust(string directory, string hsm) : RootOfTrust
{
    /// <summary>Shortest passphrase, in bytes: a thief of the directory tries offline.</summary>
    public const int ShortestPassphrase = 12;

    private const string Item = "root.sealed";
    private readonly string _path = Path.Combine(directory, Item);

    public override string Name => "passphrase";

    public override async Task<RootKey> CreateAsync(ReadOnlyMemory<byte> passphrase, CancellationToken cancel)
    {
        if (passphrase.Length < ShortestPassphrase)
        {
            throw new StateException($"the passphrase has {passphrase.Length} bytes; at least {ShortestPassphrase} are needed, since a thief of the directory can try at will");
        }

        var parameters = PasswordParameters.Draw(PasswordCost.RootOfTrust, fips: false);
        using var wrapping = new RootKey(await PasswordHash.DeriveKeyAsync(passphrase, parameters, Aead.KeySize, cancel).ConfigureAwait(false), hsm);
        var key = SecretBuffer.Random(Aead.KeySize);
        DurableFile.Write(_path, [.. parameters.Encoded, .. wrapping.Seal(Item, key.Span)]);
        return new RootKey(key, hsm);
    }

    public override RootKey? OpenUnattended()
    {
        _ = Load();
        return null;
    }

    public override Task<RootKey?> UnsealAsync(ReadOnlyMemory<byte> passphrase, CancellationToken cancel) => OpenAsync(Load(), hsm, passphrase, cancel);

    public override byte[] Opener() => Load();

    /// <summary>Opens the content of root.sealed; null if the passphrase is wrong.</summary>
    public static async Task<RootKey?> OpenAsync(byte[] content, string hsm, ReadOnlyMemory<byte> passphrase, CancellationToken cancel)
    {
        if (content.Length <= PasswordParameters.Size)
        {
            throw new StateException($"what the passphrase opens is cut short: {content.Length} bytes");
        }

        var parameters = PasswordParameters.Parse(content.AsSpan(0, PasswordParameters.Size));
        using var wrapping = new RootKey(await PasswordHash.DeriveKeyAsync(passphrase, parameters, Aead.KeySize, cancel).ConfigureAwait(false), hsm);
        return wrapping.TryOpen(Item, content.AsSpan(PasswordParameters.Size)) is { } key ? new RootKey(key, hsm) : null;
    }

    private byte[] Load()
    {
        var content = ReadFile(_path);
        if (content.Length <= PasswordParameters.Size)
        {
            throw new StateException($"{_path} is cut short: {content.Length} bytes");
        }

        try
        {
            _ = PasswordParameters.Parse(content.AsSpan(0, PasswordParameters.Size));
            return content;
        }
        catch (CryptoException changed)
        {
            throw new StateException($"{_path} was changed: {changed.Message}", changed);
        }
    }
}
