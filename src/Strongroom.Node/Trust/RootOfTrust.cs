using Strongroom.Crypto;
using Strongroom.Node.State;

namespace Strongroom.Node.Trust;

/// <summary>Where the key comes from under which an HSM's state directory is sealed.</summary>
internal abstract class RootOfTrust
{
    /// <summary>Its name on the command line, in hsm.json and in status.</summary>
    public abstract string Name { get; }

    /// <summary>What has to be said about it at every start; null if nothing.</summary>
    public virtual string? Banner => null;

    /// <summary>The root of trust of this kind whose files are in a state directory.</summary>
    public static RootOfTrust Of(RootOfTrustKind kind, string directory, string hsm) => kind switch
    {
        RootOfTrustKind.File => new FileRootOfTrust(directory, hsm),
        RootOfTrustKind.Passphrase => new PassphraseRootOfTrust(directory, hsm),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Makes a new one; called once in an HSM's life.</summary>
    /// <param name="passphrase">UTF-8; empty where there is none</param>
    /// <param name="cancel">stops before anything is written</param>
    public abstract Task<RootKey> CreateAsync(ReadOnlyMemory<byte> passphrase, CancellationToken cancel);

    /// <summary>The key, if it needs nobody; null if <see cref="UnsealAsync"/> has to be called.</summary>
    /// <exception cref="StateException">its file is missing, damaged or readable by others</exception>
    public abstract RootKey? OpenUnattended();

    /// <summary>The key by passphrase; null if the passphrase is wrong.</summary>
    public abstract Task<RootKey?> UnsealAsync(ReadOnlyMemory<byte> passphrase, CancellationToken cancel);

    /// <summary>What a backup must hold so that <see cref="OpenElsewhereAsync"/> can open it on another machine: nothing that opens it by itself.</summary>
    public abstract byte[] Opener();

    /// <summary>The key of a root of trust whose machine is gone; null if the passphrase is wrong.</summary>
    /// <param name="name">file or passphrase</param>
    /// <param name="opener">what <see cref="Opener"/> gave</param>
    /// <param name="hsm">whose it was</param>
    /// <param name="passphrase">UTF-8</param>
    /// <param name="rootKeyFile">copy of root.key</param>
    /// <param name="cancel">gives up</param>
    /// <exception cref="StateException">the opener or the file is damaged</exception>
    public static async Task<RootKey?> OpenElsewhereAsync(string name, byte[] opener, string hsm, ReadOnlyMemory<byte> passphrase, string rootKeyFile, CancellationToken cancel) => name switch
    {
        "file" => FileRootOfTrust.Open(rootKeyFile, hsm),
        "passphrase" => await PassphraseRootOfTrust.OpenAsync(opener, hsm, passphrase, cancel).ConfigureAwait(false),
        _ => throw new StateException($"a root of trust '{name}' is not known to this program"),
    };

    private protected static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{path}: {e.Message}", e);
        }
    }
}
