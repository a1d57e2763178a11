using Strongroom.Crypto;
using Strongroom.Node.State;

namespace Strongroom.Node.Trust;

/// <summary>Development: 32 random bytes in root.key (mode 0600), beside what they seal. It keeps the formats the same, and nothing secret.</summary>
internal sealed class FileRootOfTrust(string directory, string hsm) : RootOfTrust
{
    private const UnixFileMode Others = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    private readonly string _path = Path.Combine(directory, "root.key");

    public override string Name => "file";

    public override string? Banner =>
        "DEVELOPMENT: the root of trust is a file beside the data; whoever can read the HSM's directory has its keys. Create HSMs with --root-of-trust passphrase for anything that matters.";

    public override Task<RootKey> CreateAsync(ReadOnlyMemory<byte> passphrase, CancellationToken cancel)
    {
        var key = SecretBuffer.Random(Aead.KeySize);
        DurableFile.Write(_path, key.Span);
        return Task.FromResult(new RootKey(key, hsm));
    }

    public override RootKey? OpenUnattended() => Open(_path, hsm);

    // The key itself in a backup would make a backup worth stealing.
    public override byte[] Opener() => [];

    /// <summary>Reads root.key, or a copy of it.</summary>
    public static RootKey Open(string path, string hsm)
    {
        try
        {
            using var file = File.OpenHandle(path);
            if ((File.GetUnixFileMode(file) & Others) != 0)
            {
                throw new StateException($"{path} may be read by others than its owner; chmod 600 it, and take its keys for known");
            }

            var size = RandomAccess.GetLength(file);
            if (size != Aead.KeySize)
            {
                throw new StateException($"{path} has {size} bytes, not {Aead.KeySize}");
            }

            var key = SecretBuffer.Allocate(Aead.KeySize);
            _ = RandomAccess.Read(file, key.Span, 0);
            return new RootKey(key, hsm);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{path}: {e.Message}", e);
        }
    }

    public override Task<RootKey?> UnsealAsync(ReadOnlyMemory<byte> passphrase, CancellationToken cancel) => Task.FromResult(OpenUnattended());
}
