using Strongroom.Wire;
using static Strongroom.Node.Data.ServedFunction;

namespace Strongroom.Node.Data;

/// <summary>Every function of the data channel that this HSM serves. What is not here is answered CKR_FUNCTION_NOT_SUPPORTED.</summary>
internal static class Functions
{
    private static readonly ServedFunction[] All =
    [
        Immediate<HelloRequest, HelloReply>(Greeting.Hello),
        Immediate<AttachRequest, AttachReply>(Greeting.Attach),
        Immediate<EchoRequest, EchoReply>(Greeting.Echo),

        Deferred<LoginRequest, LoginReply>(Logins.LoginAsync),
        Immediate<LogoutRequest, LogoutReply>(Logins.Logout),
        Immediate<RenewTicketRequest, RenewTicketReply>(Logins.RenewTicket),
        Deferred<SetPinRequest, SetPinReply>(Logins.SetPinAsync),
        Deferred<InitPinRequest, InitPinReply>(Logins.InitPinAsync),

        Immediate<GetTokenInfoRequest, GetTokenInfoReply>(Sessions.GetTokenInfo),
        Immediate<GetMechanismsRequest, GetMechanismsReply>(Sessions.GetMechanisms),
        Immediate<OpenSessionRequest, OpenSessionReply>(Sessions.Open),
        Immediate<CloseSessionRequest, CloseSessionReply>(Sessions.Close),
        Immediate<CloseAllSessionsRequest, CloseAllSessionsReply>(Sessions.CloseAll),
        Immediate<GetSessionInfoRequest, GetSessionInfoReply>(Sessions.GetInfo),

        Deferred<CreateObjectRequest, CreateObjectReply>(Objects.CreateAsync),
        Deferred<CopyObjectRequest, CopyObjectReply>(Objects.CopyAsync),
        Deferred<DestroyObjectRequest, DestroyObjectReply>(Objects.DestroyAsync),
        Immediate<GetAttributesRequest, GetAttributesReply>(Objects.GetAttributes),
        Deferred<SetAttributesRequest, SetAttributesReply>(Objects.SetAttributesAsync),
        Immediate<FindObjectsRequest, FindObjectsReply>(Objects.Find),
        Deferred<SearchKeysRequest, SearchKeysReply>(KeySearches.SearchAsync),
        Immediate<GetObjectSizeRequest, GetObjectSizeReply>(Objects.GetSize),

        Deferred<GenerateKeyRequest, GenerateKeyReply>(Keys.GenerateAsync),
        Deferred<GenerateKeyPairRequest, GenerateKeyPairReply>(Keys.GeneratePairAsync),
        Immediate<WrapKeyRequest, WrapKeyReply>(Keys.Wrap),
        Deferred<UnwrapKeyRequest, UnwrapKeyReply>(Keys.UnwrapAsync),
        Deferred<DeriveKeyRequest, DeriveKeyReply>(Keys.DeriveAsync),
        Deferred<EncapsulateKeyRequest, EncapsulateKeyReply>(Keys.EncapsulateAsync),
        Deferred<DecapsulateKeyRequest, DecapsulateKeyReply>(Keys.DecapsulateAsync),

        Deferred<ShareKeyRequest, ShareKeyReply>(Sharing.ShareAsync),
        Deferred<UnshareKeyRequest, UnshareKeyReply>(Sharing.UnshareAsync),
        Immediate<GetKeyInfoRequest, GetKeyInfoReply>(Sharing.GetInfo),

        Immediate<PrepareRequest, PrepareReply>(Operations.Prepare),
        Immediate<PerformRequest, PerformReply>(Operations.Perform),
        Immediate<BeginRequest, BeginReply>(Operations.Begin),
        Immediate<UpdateRequest, UpdateReply>(Operations.Update),
        Immediate<FinishRequest, FinishReply>(Operations.Finish),
        Immediate<CancelRequest, CancelReply>(Operations.Cancel),
        Roomy<GenerateRandomRequest, GenerateRandomReply>(Operations.GenerateRandom, request => (int)Math.Min(request.Length, Operations.MostRandomBytes)),
        Immediate<SeedRandomRequest, SeedRandomReply>(Operations.SeedRandom),

        Deferred<ActivateRequest, ActivateReply>(Users.ActivateAsync),
        Deferred<CreateUserRequest, CreateUserReply>(Users.CreateAsync),
        Deferred<DeleteUserRequest, DeleteUserReply>(Users.DeleteAsync),
        Deferred<ChangePasswordRequest, ChangePasswordReply>(Users.ChangePasswordAsync),
        Immediate<ListUsersRequest, ListUsersReply>(Users.List),
        Immediate<GetClusterInfoRequest, GetClusterInfoReply>(Users.GetClusterInfo),

        Immediate<GetHealthRequest, GetHealthReply>(Certificates.GetHealth),
        Deferred<AttestKeyRequest, AttestKeyReply>(Certificates.AttestAsync),
        Immediate<RequestCertificateRequest, RequestCertificateReply>(Certificates.Request),
        Deferred<InstallCertificateRequest, InstallCertificateReply>(Certificates.InstallAsync),
        Immediate<GetSettingsRequest, GetSettingsReply>(Settings.Get),
        Deferred<SetSettingsRequest, SetSettingsReply>(Settings.SetAsync),
        Immediate<BeginQuorumRegistrationRequest, BeginQuorumRegistrationReply>(Approvals.BeginRegistration),
        Deferred<RegisterQuorumKeyRequest, RegisterQuorumKeyReply>(Approvals.RegisterKeyAsync),
        Immediate<GenerateQuorumTokenRequest, GenerateQuorumTokenReply>(Approvals.Generate),
        Deferred<ApproveQuorumTokenRequest, ApproveQuorumTokenReply>(Approvals.ApproveAsync),
        Immediate<ListQuorumTokensRequest, ListQuorumTokensReply>(Approvals.List),
        Immediate<DeleteQuorumTokensRequest, DeleteQuorumTokensReply>(Approvals.Delete),
        Immediate<GetQuorumSettingsRequest, GetQuorumSettingsReply>(Approvals.GetSettings),
        Deferred<SetQuorumValueRequest, SetQuorumValueReply>(Approvals.SetValueAsync),
        Deferred<SetQuorumTimeoutsRequest, SetQuorumTimeoutsReply>(Approvals.SetTimeoutsAsync),

        Immediate<BeginMfaLoginRequest, BeginMfaLoginReply>(MultiFactor.BeginLogin),
        Deferred<LoginWithMfaRequest, LoginWithMfaReply>(MultiFactor.LoginAsync),
        Immediate<BeginMfaRegistrationRequest, BeginMfaRegistrationReply>(MultiFactor.BeginRegistration),
        Deferred<ChangeMfaRequest, ChangeMfaReply>(MultiFactor.ChangeAsync),

        Deferred<RegisterTrustAnchorRequest, RegisterTrustAnchorReply>(Mtls.RegisterAsync),
        Deferred<DeregisterTrustAnchorRequest, DeregisterTrustAnchorReply>(Mtls.DeregisterAsync),
        Immediate<ListTrustAnchorsRequest, ListTrustAnchorsReply>(Mtls.List),
        Immediate<GetMtlsEnforcementRequest, GetMtlsEnforcementReply>(Mtls.GetEnforcement),
        Deferred<SetMtlsEnforcementRequest, SetMtlsEnforcementReply>(Mtls.SetEnforcementAsync),

        Deferred<ListAuditRequest, ListAuditReply>(AuditReading.ListAsync),
        Deferred<ReadAuditRequest, ReadAuditReply>(AuditReading.ReadAsync),
    ];

    private static readonly ServedFunction?[] ByNumber = Index();

    /// <summary>The function of this number, or null.</summary>
    public static ServedFunction? Find(Function number) => (ulong)number < (ulong)ByNumber.Length ? ByNumber[(int)number] : null;

    private static ServedFunction?[] Index()
    {
        var table = new ServedFunction?[(int)All.Max(f => f.Function) + 1];
        foreach (var function in All)
        {
            table[(int)function.Function] = function;
        }

        return table;
    }
}
