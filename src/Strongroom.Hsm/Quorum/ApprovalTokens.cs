using System.Formats.Cbor;
using System.Security.Cryptography;
using Strongroom.Crypto;
using Strongroom.Hsm.Sessions;

namespace Strongroom.Hsm.Quorum;

/// <summary>
/// The live tokens of this HSM. A token lives in memory, in the login that asked for it, for minutes by the clock that no one can set; it ends with that login, when it is used, and with the process.
/// </summary>
internal sealed class ApprovalTokens(string cluster, string hsm, Logins logins, BootClock clock)
{
    /// <summary>Tokens of one HSM (CloudHSM's number).</summary>
    public const int Most = 1024;

    /// <summary>Operations that one token may begin. Only one is done; what the others tell by being refused (a padding, say) stays bounded.</summary>
    public const int MostTries = 5;

    private const int Format = 1;
    private const int NonceSize = 16;

    // Guards the dictionary and the tokens in it; held for dictionary work only.
    private readonly Lock _lock = new();
    private readonly Dictionary<TokenName, ApprovalToken> _tokens = [];
    private int _deletions;       // under the lock

    /// <summary>A new token.</summary>
    public Outcome<ApprovalToken> Issue(Caller caller, Login login, QuorumService service, ObjectHandle key, TimeSpan lifetime)
    {
        byte[] data = Describe(login, service, key);
        lock (_lock)
        {
            Sweep();
            bool isAdmins = service is QuorumService.User or QuorumService.Quorum or QuorumService.Cluster;
            if (isAdmins && _tokens.Values.Any(token => token.Service == service && token.Login.User == login.User))
            {
                return Causes.QuorumTokenThere;
            }

            if (_tokens.Count >= Most)
            {
                return Causes.TooManyQuorumTokens;
            }

            var fresh = new ApprovalToken(caller, login, service, key, data, clock.Now + lifetime);
            _tokens.Add(TokenName.Of(data), fresh);
            return fresh;
        }
    }

    /// <summary>The live token of this login that was described so; null if it has expired, was used, or is another login's.</summary>
    public ApprovalToken? Find(Caller caller, Login login, ReadOnlySpan<byte> approvalData)
    {
        lock (_lock)
        {
            Sweep();
            return _tokens.TryGetValue(TokenName.Of(approvalData), out ApprovalToken? token) && token.IsFor(caller, login) ? token : null;
        }
    }

    /// <summary>Notes whose signatures held, and whether that is enough; then the time for using it begins.</summary>
    public void Note(ApprovalToken token, IReadOnlyList<(UserId User, ReadOnlyMemory<byte> Key)> signers, bool isEnough, TimeSpan approvedFor)
    {
        lock (_lock)
        {
            token.Signers = signers;
            if (isEnough && !token.IsApproved)
            {
                token.IsApproved = true;
                token.Expires = clock.Now + approvedFor;
            }
        }
    }

    /// <summary>Takes an approved token of this login, or only looks for it.</summary>
    /// <param name="isGood">Whether its signers still count.</param>
    /// <param name="judgeOnly">It stays.</param>
    /// <param name="approval">The token that was taken.</param>
    public bool Take(Caller caller, Login? login, QuorumService service, ObjectHandle key, Func<ApprovalToken, bool> isGood, bool judgeOnly, out Approval? approval)
    {
        approval = null;
        lock (_lock)
        {
            Sweep();
            foreach ((TokenName name, ApprovalToken token) in _tokens)
            {
                if (token.IsApproved && token.Service == service && token.Key == key && token.IsFor(caller, login) && isGood(token))
                {
                    if (!judgeOnly)
                    {
                        _tokens.Remove(name);
                        approval = new Approval(this, token, _deletions);
                    }

                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>A token whose operation was refused is good again, unless tokens were deleted meanwhile or it has had its tries.</summary>
    public void GiveBack(ApprovalToken token, int deletions)
    {
        lock (_lock)
        {
            if (deletions == _deletions && ++token.Failures < MostTries)
            {
                _tokens.Add(TokenName.Of(token.ApprovalData), token);
            }
        }
    }

    /// <summary>All live tokens, with how long each is still good for.</summary>
    public IReadOnlyList<(ApprovalToken Token, int Signers, TimeSpan Left)> List()
    {
        lock (_lock)
        {
            Sweep();
            TimeSpan now = clock.Now;
            return [.. _tokens.Values.Select(token => (token, token.Signers.Count, token.Expires - now))];
        }
    }

    /// <summary>Ends tokens.</summary>
    /// <param name="user">Whose; null: everybody's.</param>
    public void Delete(UserId? user)
    {
        lock (_lock)
        {
            _deletions++;
            foreach ((TokenName name, ApprovalToken token) in _tokens)
            {
                if (user is null || token.Login.User == user)
                {
                    _tokens.Remove(name);
                }
            }
        }
    }

    // What has expired, and what belongs to a login that has ended.
    private void Sweep()
    {
        TimeSpan now = clock.Now;
        foreach ((TokenName name, ApprovalToken token) in _tokens)
        {
            if (token.Expires <= now || !ReferenceEquals(token.Caller.Login, token.Login) || !logins.IsGood(token.Login))
            {
                _tokens.Remove(name);
            }
        }
    }

    // [1, cluster, HSM, service, role, user, key, nonce]: an approver can read from it what would be approved.
    private byte[] Describe(Login login, QuorumService service, ObjectHandle key)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        RandomSource.Fill(nonce);
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(8);
        writer.WriteInt32(Format);
        writer.WriteTextString(cluster);
        writer.WriteTextString(hsm);
        writer.WriteInt32((int)service);
        writer.WriteInt32((int)login.Role);
        writer.WriteTextString(login.Name);
        writer.WriteUInt64(key.Value);
        writer.WriteByteString(nonce);
        writer.WriteEndArray();
        return writer.Encode();
    }

    // The token itself: SHA-256 of its approval data.
    private readonly record struct TokenName(ulong A, ulong B, ulong C, ulong D)
    {
        public static TokenName Of(ReadOnlySpan<byte> data)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            Digest.Compute(DigestAlgorithm.Sha256, data, hash);
            return new TokenName(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..]), BitConverter.ToUInt64(hash[16..]), BitConverter.ToUInt64(hash[24..]));
        }
    }
}
