using System.Runtime.InteropServices;
using Strongroom.Crypto.Binding;

namespace Strongroom.Crypto;

/// <summary>A hash function (FIPS 180-4, FIPS 202), fetched once from libcrypto.</summary>
public sealed unsafe class DigestAlgorithm
{
    /// <summary>The longest output of any of them, in bytes.</summary>
    public const int MaxSize = 64;

    private nint _fetched;   // set once; a race fetches twice, which libcrypto counts and which costs nothing

    private DigestAlgorithm(string name, int size, int blockSize, bool signs, string oid, bool extendable = false)
    {
        IsExtendable = extendable;
        Name = name;
        Size = size;
        BlockSize = blockSize;
        ApprovedForSigning = signs;
        Oid = Convert.FromHexString(oid);
        NativeName = (byte*)Marshal.StringToCoTaskMemUTF8(name);
    }

    /// <summary>SHA-1: not approved for new signatures (SP 800-131A).</summary>
    public static DigestAlgorithm Sha1 { get; } = new("SHA1", 20, 64, signs: false, "06052B0E03021A");

    public static DigestAlgorithm Sha224 { get; } = new("SHA2-224", 28, 64, signs: true, "0609608648016503040204");

    public static DigestAlgorithm Sha256 { get; } = new("SHA2-256", 32, 64, signs: true, "0609608648016503040201");

    public static DigestAlgorithm Sha384 { get; } = new("SHA2-384", 48, 128, signs: true, "0609608648016503040202");

    public static DigestAlgorithm Sha512 { get; } = new("SHA2-512", 64, 128, signs: true, "0609608648016503040203");

    public static DigestAlgorithm Sha3_224 { get; } = new("SHA3-224", 28, 144, signs: true, "0609608648016503040207");

    public static DigestAlgorithm Sha3_256 { get; } = new("SHA3-256", 32, 136, signs: true, "0609608648016503040208");

    public static DigestAlgorithm Sha3_384 { get; } = new("SHA3-384", 48, 104, signs: true, "0609608648016503040209");

    public static DigestAlgorithm Sha3_512 { get; } = new("SHA3-512", 64, 72, signs: true, "060960864801650304020A");

    /// <summary>SHAKE128 with the output that FIPS 204 5.4 takes of it.</summary>
    public static DigestAlgorithm Shake128 { get; } = new("SHAKE-128", 32, 168, signs: true, "060960864801650304020B", extendable: true);

    /// <summary>SHAKE256 with the output that FIPS 204 5.4 takes of it.</summary>
    public static DigestAlgorithm Shake256 { get; } = new("SHAKE-256", 64, 136, signs: true, "060960864801650304020C", extendable: true);

    /// <summary>libcrypto's name.</summary>
    public string Name { get; }

    /// <summary>Output, in bytes.</summary>
    public int Size { get; }

    /// <summary>Input block, in bytes.</summary>
    public int BlockSize { get; }

    /// <summary>Whether a new signature may use it in FIPS mode.</summary>
    public bool ApprovedForSigning { get; }

    /// <summary>The object identifier in DER (FIPS 180-4 and 202; RFC 8017 for SHA-1).</summary>
    public byte[] Oid { get; }

    /// <summary>Whether libcrypto must be told how much output is wanted.</summary>
    internal bool IsExtendable { get; }

    internal byte* NativeName { get; }

    internal nint Handle => _fetched != 0 ? _fetched : _fetched = LibCrypto.Must(LibCrypto.EVP_MD_fetch(LibCrypto.Context, Name, LibCrypto.Properties), "EVP_MD_fetch");

    public override string ToString() => Name;
}
