using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Quorum;

namespace Strongroom.Hsm.Sessions;

/// <summary>The challenges that one instance was given and has not answered: few, for minutes, each for one purpose and one user, each good once.</summary>
internal sealed class Challenges
{
    private const int Most = 4;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    // Guards the list; held for list work only.
    private readonly Lock _lock = new();
    private readonly List<Challenge> _open = [];

    /// <summary>A new challenge of 32 bytes; the oldest of too many goes.</summary>
    /// <param name="purpose">What a signature on it will prove.</param>
    /// <param name="user">Of whom: the path of the user's record.</param>
    /// <param name="now">By the boot clock.</param>
    public byte[] Draw(ChallengePurpose purpose, string user, TimeSpan now)
    {
        byte[] value = new byte[SignerKey.ValueSize];
        RandomSource.Fill(value);
        lock (_lock)
        {
            _open.RemoveAll(challenge => challenge.Expires <= now);
            if (_open.Count >= Most)
            {
                _open.RemoveAt(0);
            }

            _open.Add(new Challenge(purpose, user, value, now + Lifetime));
        }

        return value;
    }

    /// <summary>Takes an answered challenge; it is gone whether or not the signature turns out right.</summary>
    public bool Take(ChallengePurpose purpose, string user, ReadOnlySpan<byte> value, TimeSpan now)
    {
        lock (_lock)
        {
            for (int i = 0; i < _open.Count; i++)
            {
                Challenge challenge = _open[i];
                if (challenge.Purpose == purpose && challenge.User == user && CryptographicOperations.FixedTimeEquals(challenge.Value, value))
                {
                    _open.RemoveAt(i);
                    return challenge.Expires > now;
                }
            }

            return false;
        }
    }

    private sealed record Challenge(ChallengePurpose Purpose, string User, byte[] Value, TimeSpan Expires);
}
