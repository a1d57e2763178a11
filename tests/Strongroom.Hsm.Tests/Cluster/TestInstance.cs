using System.Text;
using Strongroom.Crypto;

namespace Strongroom.Hsm.Tests.Cluster;

/// <summary>A client's instance: its key pair, and the HSM's state for it once it is attached.</summary>
internal sealed class TestInstance
{
    private readonly byte[] _seed = new byte[Ed25519.KeySize];
    private ulong _sessions;
    private ulong _creations;

    public TestInstance()
    {
        RandomSource.Fill(_seed);
        var key = new byte[Ed25519.KeySize];
        Ed25519.DerivePublicKey(_seed, key);
        Key = new InstanceKey(key);
    }

    public InstanceKey Key { get; }

    public Caller Caller { get; private set; } = null!;

    public SessionId ReadWrite { get; private set; }

    public SessionId ReadOnly { get; private set; }

    /// <summary>Proves the key to a module, as a new connection does, and opens two sessions.</summary>
    public Attachment Attach(Module module, byte[]? ticket = null)
    {
        byte[] challenge = RandomBytes(32);
        Attachment attachment = Prove(module, challenge, challenge, ticket ?? []).Value;
        Caller = attachment.Caller;
        ReadWrite = NextSession(readWrite: true);
        ReadOnly = NextSession(readWrite: false);
        return attachment;
    }

    public Outcome<Attachment> Prove(Module module, byte[] challenge, byte[] signedChallenge, byte[] ticket)
    {
        byte[] proven = [.. "strongroom attach v1\0"u8, .. signedChallenge, .. Encoding.UTF8.GetBytes(TestHsm.ClusterName), 0, .. Encoding.UTF8.GetBytes(TestHsm.HsmName)];
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed, proven, signature);
        return module.Attach(Key, challenge, signature, ticket);
    }

    public SessionId NextSession(bool readWrite) => new((++_sessions * 2) + (readWrite ? 1UL : 0));

    public CreationNumber NextCreation() => new(++_creations);

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        RandomSource.Fill(bytes);
        return bytes;
    }
}
