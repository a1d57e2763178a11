using System.Security.Cryptography;
using System.Text;
using Strongroom.Crypto;
using Strongroom.Store.Sealing;

namespace Strongroom.Store.Tests.Sealing;

public sealed class ClusterKeysTests
{
    [Fact]
    public void A_subkey_is_what_another_implementation_of_HKDF_derives()
    {
        using var keys = Keys("cluster-aaa");
        using var subkey = keys.Derive("record", 1, new(7));
        byte[] info = [.. "strongroom v1"u8, 0, .. "record"u8, 0, 0, 0, 0, 0, 0, 0, 0, 1, .. new byte[15], 7];
        Assert.Equal(HKDF.DeriveKey(HashAlgorithmName.SHA256, Key(1), 32, Encoding.ASCII.GetBytes("cluster-aaa"), info), subkey.Span.ToArray());
    }

    [Fact]
    public void Subkeys_of_other_clusters_purposes_epochs_and_writers_differ()
    {
        using var keys = Keys("cluster-aaa");
        using var other = Keys("cluster-bbb");
        SecretBuffer[] subkeys =
        [
            keys.Derive("record", 1, new(7)), keys.Derive("record", 1, new(8)), keys.Derive("record", 1), keys.Derive("record", 2, new(7)), keys.Derive("head", 1, new(7)), other.Derive("record", 1, new(7)),
        ];
        Assert.Equal(subkeys.Length, subkeys.Select(subkey => Convert.ToHexString(subkey.Span)).Distinct().Count());
        Array.ForEach(subkeys, subkey => subkey.Dispose());
    }

    [Fact]
    public void The_current_epoch_is_the_highest_and_a_missing_one_is_named()
    {
        using var keys = Keys("cluster-aaa");
        Assert.Equal(2UL, keys.CurrentEpoch);
        Assert.Equal(9UL, Assert.Throws<UnknownEpochException>(() => keys.Derive("record", 9)).Epoch);
        Assert.Throws<ArgumentException>(() => keys.Add(2, SecretBuffer.CopyOf(Key(3))));
        Assert.Throws<ArgumentOutOfRangeException>(() => keys.Add(3, SecretBuffer.CopyOf(new byte[16])));
    }

    internal static ClusterKeys Keys(string cluster)
    {
        var keys = new ClusterKeys(new(cluster));
        keys.Add(1, SecretBuffer.CopyOf(Key(1)));
        keys.Add(2, SecretBuffer.CopyOf(Key(2)));
        return keys;
    }

    private static byte[] Key(byte seed) => [.. Enumerable.Repeat(seed, 32)];
}
