using System.Text;
using Strongroom.Crypto;
using Strongroom.Node.Trust;

namespace Strongroom.Node.State;

/// <summary>An HSM's own directory: what it remembers outside of the store. Secrets are sealed under the root of trust; certificates and requests are public and lie open as PEM.</summary>
internal sealed class StateDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const int LargestItem = 1 << 20;
    private readonly FileStream _lock;

    private StateDirectory(string path, HsmFile hsm, FileStream gate)
    {
        Path = path;
        Hsm = hsm;
        _lock = gate;
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>What the HSM is.</summary>
    public HsmFile Hsm { get; }

    /// <summary>The HSM's control socket.</summary>
    public string ControlSocket => File(ControlSocketName);

    /// <summary>Name of the control socket in any state directory.</summary>
    public const string ControlSocketName = "control.sock";

    /// <summary>Makes the directory of a new HSM.</summary>
    /// <exception cref="StateException">there is an HSM in it already, or it can't be written</exception>
    public static StateDirectory Create(string path, HsmFile hsm)
    {
        if (hsm.Check() is { } cause)
        {
            throw new StateException(cause);
        }

        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            System.IO.File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{path}: {e.Message}", e);
        }

        var file = System.IO.Path.Combine(path, "hsm.json");
        if (System.IO.File.Exists(file))
        {
            throw new StateException($"there is an HSM in {path} already");
        }

        var gate = Lock(path);
        hsm.Write(file);
        return new StateDirectory(path, hsm, gate);
    }

    /// <summary>Opens the directory of an HSM, for this process alone.</summary>
    /// <exception cref="StateException">there is no HSM in it, or another process runs it</exception>
    public static StateDirectory Open(string path)
    {
        var hsm = HsmFile.Read(System.IO.Path.Combine(path, "hsm.json"));
        return new StateDirectory(path, hsm, Lock(path));
    }

    /// <summary>Path of an item.</summary>
    public string File(string item) => System.IO.Path.Combine(Path, item);

    /// <summary>Whether there is such an item.</summary>
    public bool Has(string item) => System.IO.File.Exists(File(item));

    /// <summary>Writes a secret item, sealed.</summary>
    public void WriteSealed(RootKey root, string item, ReadOnlySpan<byte> plaintext) => DurableFile.Write(File(item), root.Seal(item, plaintext));

    /// <summary>Reads a secret item.</summary>
    /// <exception cref="StateException">it is missing, was changed, or was sealed by another HSM</exception>
    public SecretBuffer ReadSealed(RootKey root, string item) => root.Open(item, Read(item));

    /// <summary>Writes a public item.</summary>
    public void WriteText(string item, string text) => DurableFile.Write(File(item), Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a public item, or the empty string if there is none.</summary>
    public string ReadText(string item) => Has(item) ? Encoding.UTF8.GetString(Read(item)) : "";

    /// <summary>Removes items that an interrupted birth left.</summary>
    public void Remove(params ReadOnlySpan<string> items)
    {
        foreach (var item in items)
        {
            System.IO.File.Delete(File(item));
        }
    }

    public void Dispose() => _lock.Dispose();

    private byte[] Read(string item)
    {
        try
        {
            return new FileInfo(File(item)) is { Exists: true, Length: > LargestItem }
                ? throw new StateException($"{File(item)} has more than {LargestItem} bytes")
                : System.IO.File.ReadAllBytes(File(item));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{File(item)}: {e.Message}", e);
        }
    }

    // .NET takes an flock for FileShare.None; it ends with the process, however that ends.
    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{path} is in use by another strongroom-hsm, or can't be written: {e.Message}", e);
        }
    }
}
