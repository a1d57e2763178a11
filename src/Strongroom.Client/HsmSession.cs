using Strongroom.Wire;

namespace Strongroom.Client;

/// <summary>A PKCS#11 session: key work as the instance's logged-in user. Handles are the cluster's own 64-bit ones.</summary>
public sealed class HsmSession : IAsyncDisposable
{
    private const int PageSize = 4096;
    private readonly HsmClient _client;

    internal HsmSession(HsmClient client, ulong id)
    {
        _client = client;
        Id = id;
    }

    /// <summary>Whose session it is.</summary>
    public HsmClient Client => _client;

    /// <summary>The session's number on the wire; odd if it is read-write.</summary>
    public ulong Id { get; }

    /// <summary>C_GenerateKey; returns the handle.</summary>
    public Task<ulong> GenerateKeyAsync(WireMechanism mechanism, WireAttribute[] template, CancellationToken cancel = default) => GenerateKeyAsync(mechanism, template, KeyTerms.None, cancel);

    /// <summary>The same for a key that is shared, or takes approvals, from its beginning.</summary>
    public async Task<ulong> GenerateKeyAsync(WireMechanism mechanism, WireAttribute[] template, KeyTerms terms, CancellationToken cancel = default) =>
        (await _client.CallAsync<GenerateKeyRequest, GenerateKeyReply>(
            new(Id, _client.NextCreation(), mechanism, template, terms.Users, terms.ManageQuorum, terms.UseQuorum), cancel).ConfigureAwait(false)).Handle;

    /// <summary>C_GenerateKeyPair; returns both handles.</summary>
    public Task<GenerateKeyPairReply> GenerateKeyPairAsync(
        WireMechanism mechanism, WireAttribute[] publicTemplate, WireAttribute[] privateTemplate, CancellationToken cancel = default) =>
        GenerateKeyPairAsync(mechanism, publicTemplate, privateTemplate, KeyTerms.None, cancel);

    /// <summary>The same for a pair whose private key is shared, or takes approvals, from its beginning.</summary>
    public Task<GenerateKeyPairReply> GenerateKeyPairAsync(
        WireMechanism mechanism, WireAttribute[] publicTemplate, WireAttribute[] privateTemplate, KeyTerms terms, CancellationToken cancel = default) =>
        _client.CallAsync<GenerateKeyPairRequest, GenerateKeyPairReply>(
            new(Id, _client.NextCreation(), mechanism, publicTemplate, privateTemplate, terms.Users, terms.ManageQuorum, terms.UseQuorum), cancel);

    /// <summary>C_CreateObject; returns the handle.</summary>
    public async Task<ulong> CreateObjectAsync(WireAttribute[] template, CancellationToken cancel = default) =>
        (await _client.CallAsync<CreateObjectRequest, CreateObjectReply>(new(Id, _client.NextCreation(), template), cancel).ConfigureAwait(false)).Handle;

    /// <summary>C_DestroyObject.</summary>
    public Task DestroyObjectAsync(ulong handle, CancellationToken cancel = default) =>
        _client.CallAsync<DestroyObjectRequest, DestroyObjectReply>(new(Id, _client.NextCreation(), handle), cancel);

    /// <summary>What C_GetTokenInfo tells.</summary>
    public Task<GetTokenInfoReply> GetTokenAsync(CancellationToken cancel = default) => _client.CallAsync<GetTokenInfoRequest, GetTokenInfoReply>(new(), cancel);

    /// <summary>Handles of all objects that match, in ascending order.</summary>
    public async Task<IReadOnlyList<ulong>> FindAsync(WireAttribute[] template, CancellationToken cancel = default)
    {
        var found = new List<ulong>();
        while (true)
        {
            var page = await _client.CallAsync<FindObjectsRequest, FindObjectsReply>(
                new(Id, template, found.Count == 0 ? 0 : found[^1], PageSize, []), cancel).ConfigureAwait(false);
            found.AddRange(page.Handles);
            if (!page.More || page.Handles.Length == 0)
            {
                return found;
            }
        }
    }

    /// <summary>A page of the keys that a query matches, with attributes.</summary>
    /// <param name="query">a program in reverse Polish notation; none: every key</param>
    /// <param name="after">0, or the last handle of the page before</param>
    /// <param name="skip">how many of the matches to leave out first</param>
    /// <param name="limit">at most 4096</param>
    /// <param name="count">whether to count all matches</param>
    /// <param name="types">what to read of each</param>
    /// <param name="cancel">stops waiting</param>
    public Task<SearchKeysReply> SearchAsync(WireQueryTerm[] query, ulong after, ulong skip, ulong limit, bool count, ulong[] types, CancellationToken cancel = default) =>
        _client.CallAsync<SearchKeysRequest, SearchKeysReply>(new(Id, query, after, skip, limit, count, types), cancel);

    /// <summary>C_GetAttributeValue; each result has a return value of its own.</summary>
    public async Task<WireAttributeResult[]> GetAttributesAsync(ulong handle, ulong[] types, CancellationToken cancel = default) =>
        (await _client.CallAsync<GetAttributesRequest, GetAttributesReply>(new(Id, handle, types), cancel).ConfigureAwait(false)).Results;

    /// <summary>C_SetAttributeValue.</summary>
    public Task SetAttributesAsync(ulong handle, WireAttribute[] template, CancellationToken cancel = default) =>
        _client.CallAsync<SetAttributesRequest, SetAttributesReply>(new(Id, handle, template), cancel);

    /// <summary>A whole operation (encrypt, decrypt, sign, digest) in one round trip; returns output and, where the HSM drew one, the IV.</summary>
    public Task<PerformReply> PerformAsync(Use use, WireMechanism mechanism, ulong key, ReadOnlyMemory<byte> data, CancellationToken cancel = default) =>
        _client.CallAsync<PerformRequest, PerformReply>(new(Id, (ulong)use, mechanism, key, data, null), cancel);

    /// <summary>Signs data; how it is hashed is the mechanism's.</summary>
    public async Task<ReadOnlyMemory<byte>> SignAsync(WireMechanism mechanism, ulong key, ReadOnlyMemory<byte> data, CancellationToken cancel = default) =>
        (await PerformAsync(Use.Sign, mechanism, key, data, cancel).ConfigureAwait(false)).Data;

    /// <summary>Verifies; a signature that does not hold is a refusal with CKR_SIGNATURE_INVALID.</summary>
    public Task VerifyAsync(WireMechanism mechanism, ulong key, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> signature, CancellationToken cancel = default) =>
        _client.CallAsync<PerformRequest, PerformReply>(new(Id, (ulong)Use.Verify, mechanism, key, data, signature), cancel);

    /// <summary>C_WrapKey.</summary>
    public Task<WrapKeyReply> WrapKeyAsync(WireMechanism mechanism, ulong wrappingKey, ulong key, CancellationToken cancel = default) =>
        _client.CallAsync<WrapKeyRequest, WrapKeyReply>(new(Id, mechanism, wrappingKey, key), cancel);

    /// <summary>C_UnwrapKey; returns the handle.</summary>
    public Task<ulong> UnwrapKeyAsync(
        WireMechanism mechanism, ulong unwrappingKey, ReadOnlyMemory<byte> wrapped, WireAttribute[] template, CancellationToken cancel = default) =>
        UnwrapKeyAsync(mechanism, unwrappingKey, wrapped, template, KeyTerms.None, cancel);

    /// <summary>The same for a key that is shared, or takes approvals, from its beginning.</summary>
    public async Task<ulong> UnwrapKeyAsync(
        WireMechanism mechanism, ulong unwrappingKey, ReadOnlyMemory<byte> wrapped, WireAttribute[] template, KeyTerms terms, CancellationToken cancel = default) =>
        (await _client.CallAsync<UnwrapKeyRequest, UnwrapKeyReply>(
            new(Id, _client.NextCreation(), mechanism, unwrappingKey, wrapped, template, terms.Users, terms.ManageQuorum, terms.UseQuorum), cancel).ConfigureAwait(false)).Handle;

    /// <summary>C_DeriveKey; returns the handle.</summary>
    public async Task<ulong> DeriveKeyAsync(WireMechanism mechanism, ulong baseKey, WireAttribute[] template, CancellationToken cancel = default) =>
        (await _client.CallAsync<DeriveKeyRequest, DeriveKeyReply>(new(Id, _client.NextCreation(), mechanism, baseKey, template), cancel).ConfigureAwait(false)).Handle;

    /// <summary>What the HSM says of a key, signed by its identity and by the cluster.</summary>
    /// <param name="handle">which key</param>
    /// <param name="nonce">at most 64 bytes; null for none</param>
    /// <param name="cancel">stops waiting</param>
    public Task<AttestKeyReply> AttestAsync(ulong handle, ReadOnlyMemory<byte>? nonce, CancellationToken cancel = default) =>
        _client.CallAsync<AttestKeyRequest, AttestKeyReply>(new(Id, handle, nonce), cancel);

    /// <summary>Closes the session.</summary>
    public async ValueTask DisposeAsync() => await _client.CallAsync<CloseSessionRequest, CloseSessionReply>(new(Id)).ConfigureAwait(false);
}
