using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>A block cipher in a mode, fetched once from libcrypto for each key size.</summary>
public sealed class CipherAlgorithm
{
    private readonly string[] _names;
    private readonly nint[] _fetched;   // one slot a name, set once; a race fetches twice, which libcrypto counts and which costs nothing

    private CipherAlgorithm(string mode, int ivSize, int blockSize, bool wraps = false)
    {
        _names = [$"AES-128-{mode}", $"AES-192-{mode}", $"AES-256-{mode}"];
        _fetched = new nint[_names.Length];
        IvSize = ivSize;
        BlockSize = blockSize;
        Wraps = wraps;
    }

    /// <summary>SP 800-38A CBC.</summary>
    public static CipherAlgorithm AesCbc { get; } = new("CBC", 16, 16);

    /// <summary>SP 800-38A ECB; here for check values.</summary>
    public static CipherAlgorithm AesEcb { get; } = new("ECB", 0, 16);

    /// <summary>SP 800-38D GCM; see <see cref="Aead"/>.</summary>
    public static CipherAlgorithm AesGcm { get; } = new("GCM", 12, 1);

    /// <summary>SP 800-38F KW, RFC 3394.</summary>
    public static CipherAlgorithm AesWrap { get; } = new("WRAP", 8, 8, wraps: true);

    /// <summary>SP 800-38F KWP, RFC 5649.</summary>
    public static CipherAlgorithm AesWrapPad { get; } = new("WRAP-PAD", 4, 8, wraps: true);

    /// <summary>Bytes of the initialisation vector.</summary>
    public int IvSize { get; }

    /// <summary>Bytes of a block.</summary>
    public int BlockSize { get; }

    internal bool Wraps { get; }

    internal nint Handle(int keyLength)
    {
        var slot = keyLength switch
        {
            16 => 0,
            24 => 1,
            32 => 2,
            _ => throw new ArgumentOutOfRangeException(nameof(keyLength), keyLength, "AES keys have 16, 24 or 32 bytes."),
        };
        var known = _fetched[slot];
        return known != 0 ? known : _fetched[slot] = LibCrypto.Must(LibCrypto.EVP_CIPHER_fetch(LibCrypto.Context, _names[slot], LibCrypto.Properties), _names[slot]);
    }
}
