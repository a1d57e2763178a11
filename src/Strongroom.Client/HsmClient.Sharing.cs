using Strongroom.Wire;

namespace Strongroom.Client;

public sealed partial class HsmClient
{
    /// <summary>Lets a crypto-user use a key; by its owner.</summary>
    public Task ShareKeyAsync(ulong key, string user, CancellationToken cancel = default) => CallAsync<ShareKeyRequest, ShareKeyReply>(new(key, user), cancel);

    /// <summary>Takes the use of a key back; by its owner. The user's next request is refused.</summary>
    public Task UnshareKeyAsync(ulong key, string user, CancellationToken cancel = default) => CallAsync<UnshareKeyRequest, UnshareKeyReply>(new(key, user), cancel);

    /// <summary>Whose a key is, whom it is shared with, and how many approvals it takes.</summary>
    public Task<GetKeyInfoReply> GetKeyInfoAsync(ulong key, CancellationToken cancel = default) => CallAsync<GetKeyInfoRequest, GetKeyInfoReply>(new(key), cancel);
}
