using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Strongroom.EndToEnd.Tests.Pkcs11Binding;

namespace Strongroom.EndToEnd.Tests.Durability;

/// <summary>
/// A PKCS#11 application under load: several threads, each making token keys and key pairs and using each at once. It never logs in again, and any answer but CKR_OK is its failure.
/// It remembers every key that was acknowledged, with something that only this key can have made.
/// </summary>
internal sealed class KeyMakers
{
    private const int Threads = 6;
    private static readonly byte[] Plaintext = Encoding.ASCII.GetBytes("what the key had encrypted before the HSM died");
    private static readonly byte[] P256 = Convert.FromHexString("06082A8648CE3D030107");

    private readonly Token _token;
    private readonly byte[] _mark;
    private readonly string? _log;
    private readonly ConcurrentQueue<Made> _made = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Thread[] _threads;
    private volatile bool _stopping;

    /// <summary>Starts them.</summary>
    /// <param name="token">Logged in.</param>
    /// <param name="mark">CKA_ID of all that they make.</param>
    /// <param name="log">The library's, which says why a call failed.</param>
    public KeyMakers(Token token, string mark, string? log = null)
    {
        (_token, _mark, _log) = (token, Encoding.ASCII.GetBytes(mark), log);
        _threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() => Run(thread)))];
        foreach (var thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>What finds everything that they made.</summary>
    public CkAttribute[] Mark => [CkAttribute.Of(Cka.Id, _mark)];

    /// <summary>The same for those of another run.</summary>
    public static CkAttribute[] MarkOf(string mark) => [CkAttribute.Of(Cka.Id, Encoding.ASCII.GetBytes(mark))];

    /// <summary>Acknowledged until now.</summary>
    public int Count => _made.Count;

    public bool HasFailed => !_failures.IsEmpty;

    /// <summary>Waits until so many more keys were acknowledged.</summary>
    public void WaitForMore(int keys)
    {
        var enough = Count + keys;
        Machine.Waiting.Until(() => Count >= enough || HasFailed, $"{keys} more keys are made", TimeSpan.FromMinutes(2));
        Assert.True(!HasFailed, Failures());
    }

    /// <summary>Lets each thread end its call. All of them must have been answered with CKR_OK.</summary>
    public void Stop()
    {
        _stopping = true;
        foreach (var thread in _threads)
        {
            Assert.True(thread.Join(TimeSpan.FromMinutes(2)), "a call does not return");
        }

        Assert.True(!HasFailed, Failures());
    }

    /// <summary>Every acknowledged key is there once, and is the key that it was; and there is nothing else, such as a second key of a retried call or half of a pair.</summary>
    public void AssertAllThereOnce()
    {
        foreach (var made in _made)
        {
            var found = _token.Find(CkAttribute.Of(Cka.Id, _mark), CkAttribute.Of(Cka.Label, Encoding.ASCII.GetBytes(made.Label)));
            Assert.Equal(made.Handles.Order(), found.Order());
            if (made.Handles is [var key])
            {
                var (rv, plaintext) = _token.Decrypt(Cbc, key, made.Proof);
                Assert.Equal((Ck.Ok, Encoding.ASCII.GetString(Plaintext)), (rv, Encoding.ASCII.GetString(plaintext)));
            }
            else
            {
                Assert.Equal(Ck.Ok, _token.Verify(Ecdsa, made.Handles[0], Plaintext, made.Proof));
                var (rv, again) = _token.Sign(Ecdsa, made.Handles[1], Plaintext);
                Assert.Equal(Ck.Ok, rv);
                Assert.Equal(Ck.Ok, _token.Verify(Ecdsa, made.Handles[0], Plaintext, again));
            }
        }

        Assert.Equal(_made.Sum(made => made.Handles.Length), _token.Find(Mark).Length);
    }

    private string Failures() => string.Join('\n', [.. _failures, .. _log is null ? [] : File.ReadLines(_log).Where(line => line.Contains("warn", StringComparison.Ordinal)).TakeLast(40)]);

    private static Mechanism Cbc { get; } = Mechanism.WithIv(Ckm.AesCbcPad, new byte[16]);

    private static Mechanism Ecdsa { get; } = new(Ckm.EcdsaWith("SHA-256"));

    private void Run(int thread)
    {
        try
        {
            using var session = _token.AnotherSession();
            for (var i = 0; !_stopping; i++)
            {
                var label = $"{thread} {i} {RandomNumberGenerator.GetHexString(8)}";
                _made.Enqueue(i % 3 == 0 ? MakePair(session, label) : MakeKey(session, label));
            }
        }
#pragma warning disable CA1031 // Whatever it is, it is what the test looks for.
        catch (Exception failure)
        {
            _failures.Enqueue(failure.ToString());
        }
#pragma warning restore CA1031
    }

    private Made MakeKey(Token session, string label)
    {
        var (rv, key) = session.Generate(new(Ckm.AesKeyGen), [.. Common(label), CkAttribute.Of(Cka.ValueLen, 32), CkAttribute.Of(Cka.Encrypt, true), CkAttribute.Of(Cka.Decrypt, true)]);
        RequireOk(rv, "C_GenerateKey", label);
        var (used, proof) = session.Encrypt(Cbc, key, Plaintext);
        RequireOk(used, "C_Encrypt", label);
        return new(label, [key], proof);
    }

    private Made MakePair(Token session, string label)
    {
        var (rv, publicKey, privateKey) = session.GeneratePair(
            new(Ckm.EcKeyPairGen),
            [.. Common(label), CkAttribute.Of(Cka.EcParams, P256), CkAttribute.Of(Cka.Verify, true)],
            [.. Common(label), CkAttribute.Of(Cka.Sign, true)]);
        RequireOk(rv, "C_GenerateKeyPair", label);
        var (used, proof) = session.Sign(Ecdsa, privateKey, Plaintext);
        RequireOk(used, "C_Sign", label);
        return new(label, [publicKey, privateKey], proof);
    }

    private CkAttribute[] Common(string label) => [CkAttribute.Of(Cka.Token, true), CkAttribute.Of(Cka.Id, _mark), CkAttribute.Of(Cka.Label, Encoding.ASCII.GetBytes(label))];

    private static void RequireOk(ulong rv, string function, string label)
    {
        if (rv != Ck.Ok)
        {
            throw new InvalidOperationException($"{function} for {label}: 0x{rv:X}");
        }
    }

    /// <param name="Label">Its CKA_LABEL.</param>
    /// <param name="Handles">One, or a pair's public and private half.</param>
    /// <param name="Proof">A ciphertext or signature by it.</param>
    private sealed record Made(string Label, ulong[] Handles, byte[] Proof);
}
