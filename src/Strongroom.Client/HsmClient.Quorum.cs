using Strongroom.Wire;

namespace Strongroom.Client;

public sealed partial class HsmClient
{
    /// <summary>Begins the registration of the logged-in user's key for approvals; the user signs the SHA-256 of what is returned.</summary>
    public async Task<ReadOnlyMemory<byte>> BeginQuorumRegistrationAsync(CancellationToken cancel = default) =>
        (await CallAsync<BeginQuorumRegistrationRequest, BeginQuorumRegistrationReply>(new(), cancel).ConfigureAwait(false)).Challenge;

    /// <summary>Registers the logged-in user's key for approvals.</summary>
    /// <param name="key">SubjectPublicKeyInfo</param>
    /// <param name="challenge">from <see cref="BeginQuorumRegistrationAsync"/></param>
    /// <param name="signature">over its SHA-256</param>
    /// <param name="cancel">stops waiting</param>
    public Task RegisterQuorumKeyAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> challenge, ReadOnlyMemory<byte> signature, CancellationToken cancel = default) =>
        CallAsync<RegisterQuorumKeyRequest, RegisterQuorumKeyReply>(new(key, challenge, signature), cancel);

    /// <summary>A token, good in this login alone. What is returned is its approval data; approvers sign the SHA-256 of it.</summary>
    public async Task<ReadOnlyMemory<byte>> GenerateQuorumTokenAsync(QuorumService service, ulong? key, CancellationToken cancel = default) =>
        (await CallAsync<GenerateQuorumTokenRequest, GenerateQuorumTokenReply>(new((ulong)service, key), cancel).ConfigureAwait(false)).ApprovalData;

    /// <summary>Shows the signatures of a token's approvers; the operation may then be done once, in this login.</summary>
    public Task ApproveQuorumTokenAsync(ReadOnlyMemory<byte> approvalData, WireApproval[] approvals, CancellationToken cancel = default) =>
        CallAsync<ApproveQuorumTokenRequest, ApproveQuorumTokenReply>(new(approvalData, approvals), cancel);

    /// <summary>The live tokens of the HSM.</summary>
    public async Task<WireQuorumToken[]> ListQuorumTokensAsync(CancellationToken cancel = default) =>
        (await CallAsync<ListQuorumTokensRequest, ListQuorumTokensReply>(new(), cancel).ConfigureAwait(false)).Tokens;

    /// <summary>Ends tokens; by an admin.</summary>
    public Task DeleteQuorumTokensAsync(bool all, CancellationToken cancel = default) => CallAsync<DeleteQuorumTokensRequest, DeleteQuorumTokensReply>(new(all), cancel);

    /// <summary>How many approvals the admins' services take, and for how long tokens are good; without a login.</summary>
    public Task<GetQuorumSettingsReply> GetQuorumSettingsAsync(CancellationToken cancel = default) => CallAsync<GetQuorumSettingsRequest, GetQuorumSettingsReply>(new(), cancel);

    /// <summary>Sets how many approvals a service of the admins takes; 1: none.</summary>
    public Task SetQuorumValueAsync(QuorumService service, ulong value, CancellationToken cancel = default) =>
        CallAsync<SetQuorumValueRequest, SetQuorumValueReply>(new((ulong)service, value), cancel);

    /// <summary>Sets how long tokens are good for, in seconds; null: as it is.</summary>
    public Task SetQuorumTimeoutsAsync(ulong? generatedFor, ulong? approvedFor, CancellationToken cancel = default) =>
        CallAsync<SetQuorumTimeoutsRequest, SetQuorumTimeoutsReply>(new(generatedFor, approvedFor), cancel);
}
