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
