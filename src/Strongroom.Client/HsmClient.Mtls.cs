using Strongroom.Wire;

namespace Strongroom.Client;

public sealed partial class HsmClient
{
    /// <summary>Makes the clients of a CA known; by an admin.</summary>
    /// <param name="certificates">PEM: issuing CA first, root last</param>
    /// <param name="cancel">stops waiting</param>
    /// <returns>the anchor's reference</returns>
    public async Task<ulong> RegisterTrustAnchorAsync(string certificates, CancellationToken cancel = default) =>
        (await CallAsync<RegisterTrustAnchorRequest, RegisterTrustAnchorReply>(new(certificates), cancel).ConfigureAwait(false)).Reference;

    /// <summary>The reverse; connections that came in under it end.</summary>
    public Task DeregisterTrustAnchorAsync(ulong reference, CancellationToken cancel = default) =>
        CallAsync<DeregisterTrustAnchorRequest, DeregisterTrustAnchorReply>(new(reference), cancel);

    /// <summary>The anchors for clients; without a login.</summary>
    public async Task<WireTrustAnchor[]> ListTrustAnchorsAsync(CancellationToken cancel = default) =>
        (await CallAsync<ListTrustAnchorsRequest, ListTrustAnchorsReply>(new(), cancel).ConfigureAwait(false)).Anchors;

    /// <summary>Whether clients must show a certificate.</summary>
    public async Task<bool> GetMtlsEnforcementAsync(CancellationToken cancel = default) =>
        (await CallAsync<GetMtlsEnforcementRequest, GetMtlsEnforcementReply>(new(), cancel).ConfigureAwait(false)).Enforced;

    /// <summary>Sets that; by the user named admin, over a connection that has shown one.</summary>
    public Task SetMtlsEnforcementAsync(bool enforced, CancellationToken cancel = default) =>
        CallAsync<SetMtlsEnforcementRequest, SetMtlsEnforcementReply>(new(enforced), cancel);
}
