using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>A block cipher in a mode, fetched once from libcrypto for each key size.</summary>
public sealed class CipherAlgorithm
{
    private readonly string[] _names;
    private readonly nint[] _fetched;   // one slot a name, set once; a race fetches twice, which libcrypto counts and which costs nothing

    private CipherAlgorithm(string mode, int ivSize, int blockSize, bool wraps = false)
        : this([$"AES-128-{mode}", $"AES-192-{mode}", $"AES-256-{mode}"], ivSize, blockSize, wraps)
    {
    }

    private CipherAlgorithm(string[] names, int ivSize, int blockSize, bool wraps)
    {
        _names = names;
        _fetched = new nint[_names.Length];
        IvSize = ivSize;
        BlockSize = blockSize;
        Wraps = wraps;
    }

    /// <summary>SP 800-38A CBC.</summary>
    public static CipherAlgorithm AesCbc { get; } = new("CBC", 16, 16);

    /// <summary>SP 800-38A ECB.</summary>
    public static CipherAlgorithm AesEcb { get; } = new("ECB", 0, 16);

    /// <summary>SP 800-38A CTR; the counter is the whole block, big-endian.</summary>
    public static CipherAlgorithm AesCtr { get; } = new("CTR", 16, 1);

    /// <summary>SP 800-38C CCM; see <see cref="Ccm"/>.</summary>
    public static CipherAlgorithm AesCcm { get; } = new("CCM", 12, 1);

    /// <summary>SP 800-67 with three keys, ECB.</summary>
    public static CipherAlgorithm Des3Ecb { get; } = new(["DES-EDE3-ECB"], 0, 8, wraps: false);

    /// <summary>SP 800-67 with three keys, CBC.</summary>
    public static CipherAlgorithm Des3Cbc { get; } = new(["DES-EDE3-CBC"], 8, 8, wraps: false);

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
        var slot = (_names.Length, keyLength) switch
        {
            (3, 16) or (1, 24) => 0,
            (3, 24) => 1,
            (3, 32) => 2,
            _ => throw new ArgumentOutOfRangeException(nameof(keyLength), keyLength, "AES keys have 16, 24 or 32 bytes, triple DES keys 24."),
        };
        var known = _fetched[slot];
        return known != 0 ? known : _fetched[slot] = LibCrypto.Must(LibCrypto.EVP_CIPHER_fetch(LibCrypto.Context, _names[slot], LibCrypto.Properties), _names[slot]);
    }
}
