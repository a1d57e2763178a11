using Strongroom.Client;
using Strongroom.Hsm;
using Strongroom.Wire;
using QuorumService = Strongroom.Wire.QuorumService;
using Role = Strongroom.Wire.Role;
using Use = Strongroom.Hsm.Use;

namespace Strongroom.Node.Data;

/// <summary>
/// Every function of the wire, asked of the real HSM by somebody who is not logged in, by an admin and by a crypto-user, where it is about a key: a secret key of another user's. Written by hand from PKCS#11 3.2 and from the permission
/// table of the AWS CloudHSM user guide. What is not in the table is not there.
/// </summary>
public sealed class EveryFunctionTests(TestHsm hsm) : IClassFixture<TestHsm>
{
    private const Rv Ok = Rv.Ok;
    private const Rv In = Rv.UserNotLoggedIn;
    private const Rv Key = Rv.KeyHandleInvalid;
    private const Rv WKey = Rv.WrappingKeyHandleInvalid;
    private const Rv UKey = Rv.UnwrappingKeyHandleInvalid;
    private const Rv Obj = Rv.ObjectHandleInvalid;
    private const Rv Open = Rv.OperationNotInitialized;
    private const Rv ReadOnly = Rv.AttributeReadOnly;

    // Not for who asks but for what: there is no such user, certificate, token …
    private const Rv Bad = Rv.ArgumentsBad;
    private const Rv No = Rv.ActionProhibited;
    private const Rv Rejected = Rv.FunctionRejected;
    private const Rv Pin = Rv.PinIncorrect;

    private const ulong Session = 1000001;
    private static readonly byte[] Password = "the-password-1"u8.ToArray();
    private static readonly WireMechanism Cmac = new(0x108A, 0), KeyWrap = new(0x2109, 0), AesKeyGen = new(0x1080, 0), EcKeyGen = new(0x1040, 0), Ecdh = new(0x1050, (ulong)Shape.Ecdh, new byte[65], Hash: 1), Kem = new(0x17, 0);
    private static readonly WireAttribute[] Aes = [new(0x161, BitConverter.GetBytes(32UL))];
    private static readonly WireAttribute[] Secret = [new(0x0, BitConverter.GetBytes(4UL)), new(0x100, BitConverter.GetBytes(0x1FUL))];
    private static readonly WireAttribute[] P256 = [new(0x180, Convert.FromHexString("06082A8648CE3D030107"))];

    // In order: what ends a login or a session comes last.
    private static readonly (Function Function, Rv Nobody, Rv Admin, Rv Other, Func<RawConnection, ulong, ulong, Task> AskAsync)[] Table =
    [
        //                                 nobody admin     other
        (Function.Echo,                    Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<EchoRequest, EchoReply>(hsm, new("x"u8.ToArray()))),
        (Function.GetTokenInfo,            Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<GetTokenInfoRequest, GetTokenInfoReply>(hsm, new())),
        (Function.GetMechanisms,           Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<GetMechanismsRequest, GetMechanismsReply>(hsm, new())),
        (Function.GetClusterInfo,          Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<GetClusterInfoRequest, GetClusterInfoReply>(hsm, new())),
        (Function.GetHealth,               Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<GetHealthRequest, GetHealthReply>(hsm, new())),
        (Function.ListUsers,               Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<ListUsersRequest, ListUsersReply>(hsm, new(""))),
        (Function.GetQuorumSettings,       Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<GetQuorumSettingsRequest, GetQuorumSettingsReply>(hsm, new())),
        (Function.ListTrustAnchors,        Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<ListTrustAnchorsRequest, ListTrustAnchorsReply>(hsm, new())),
        (Function.GenerateRandom,          Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<GenerateRandomRequest, GenerateRandomReply>(hsm, new(8))),
        (Function.SeedRandom,              Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<SeedRandomRequest, SeedRandomReply>(hsm, new(new byte[8]))),

        // Sessions are an instance's own, and what was not begun does not go on.
        (Function.OpenSession,             Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<OpenSessionRequest, OpenSessionReply>(hsm, new(2000001))),
        (Function.GetSessionInfo,          Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<GetSessionInfoRequest, GetSessionInfoReply>(hsm, new(2000001))),
        (Function.CloseSession,            Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<CloseSessionRequest, CloseSessionReply>(hsm, new(2000001))),
        (Function.Update,                  Open,  Open,     Open,     (hsm, _, _) => AskAsync<UpdateRequest, UpdateReply>(hsm, new(Session, (ulong)Use.Sign, new byte[8]))),
        (Function.Finish,                  Open,  Open,     Open,     (hsm, _, _) => AskAsync<FinishRequest, FinishReply>(hsm, new(Session, (ulong)Use.Sign))),
        (Function.Cancel,                  Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<CancelRequest, CancelReply>(hsm, new(Session, (ulong)Use.Sign))),

        // Objects: an admin lists them, another user does not learn that they are there.
        (Function.FindObjects,             Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<FindObjectsRequest, FindObjectsReply>(hsm, new(Session, [], 0, 10, []))),
        (Function.SearchKeys,              Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<SearchKeysRequest, SearchKeysReply>(hsm, new(Session, [new(1, 0x3, "x"u8.ToArray())], 0, 0, 10, false, [0x3]))),
        (Function.GetAttributes,           Obj,   Ok,       Obj,      (hsm, key, _) => AskAsync<GetAttributesRequest, GetAttributesReply>(hsm, new(Session, key, [0x3]))),
        (Function.GetObjectSize,           Obj,   Ok,       Obj,      (hsm, key, _) => AskAsync<GetObjectSizeRequest, GetObjectSizeReply>(hsm, new(Session, key))),
        (Function.AttestKey,               Obj,   In,       Obj,      (hsm, key, _) => AskAsync<AttestKeyRequest, AttestKeyReply>(hsm, new(Session, key))),
        (Function.GetKeyInfo,              In,    Ok,       Obj,      (hsm, key, _) => AskAsync<GetKeyInfoRequest, GetKeyInfoReply>(hsm, new(key))),
        (Function.CreateObject,            In,    In,       Ok,       (hsm, _, creation) => AskAsync<CreateObjectRequest, CreateObjectReply>(hsm, new(Session, creation, [.. Secret, new(0x11, new byte[32])]))),
        (Function.CopyObject,              In,    In,       Obj,      (hsm, key, creation) => AskAsync<CopyObjectRequest, CopyObjectReply>(hsm, new(Session, creation, key, []))),
        (Function.DestroyObject,           In,    In,       Obj,      (hsm, key, creation) => AskAsync<DestroyObjectRequest, DestroyObjectReply>(hsm, new(Session, creation, key))),
        (Function.SetAttributes,           In,    ReadOnly, Obj,      (hsm, key, _) => AskAsync<SetAttributesRequest, SetAttributesReply>(hsm, new(Session, key, [new(0x3, "y"u8.ToArray())]))),
        (Function.ShareKey,                In,    In,       Obj,      (hsm, key, _) => AskAsync<ShareKeyRequest, ShareKeyReply>(hsm, new(key, "other"))),
        (Function.UnshareKey,              In,    In,       Obj,      (hsm, key, _) => AskAsync<UnshareKeyRequest, UnshareKeyReply>(hsm, new(key, "other"))),

        // Keys are the crypto-users', each its own.
        (Function.GenerateKey,             In,    In,       Ok,       (hsm, _, creation) => AskAsync<GenerateKeyRequest, GenerateKeyReply>(hsm, new(Session, creation, AesKeyGen, Aes))),
        (Function.GenerateKeyPair,         In,    In,       Ok,       (hsm, _, creation) => AskAsync<GenerateKeyPairRequest, GenerateKeyPairReply>(hsm, new(Session, creation, EcKeyGen, P256, []))),
        (Function.WrapKey,                 In,    In,       WKey,     (hsm, key, _) => AskAsync<WrapKeyRequest, WrapKeyReply>(hsm, new(Session, KeyWrap, key, key))),
        (Function.UnwrapKey,               In,    In,       UKey,     (hsm, key, creation) => AskAsync<UnwrapKeyRequest, UnwrapKeyReply>(hsm, new(Session, creation, KeyWrap, key, new byte[40], Secret))),
        (Function.DeriveKey,               In,    In,       Key,      (hsm, key, creation) => AskAsync<DeriveKeyRequest, DeriveKeyReply>(hsm, new(Session, creation, Ecdh, key, Secret))),
        (Function.EncapsulateKey,          In,    In,       Key,      (hsm, key, creation) => AskAsync<EncapsulateKeyRequest, EncapsulateKeyReply>(hsm, new(Session, creation, Kem, key, Secret))),
        (Function.DecapsulateKey,          In,    In,       Key,      (hsm, key, creation) => AskAsync<DecapsulateKeyRequest, DecapsulateKeyReply>(hsm, new(Session, creation, Kem, key, new byte[768], Secret))),
        (Function.Prepare,                 In,    In,       Key,      (hsm, key, _) => AskAsync<PrepareRequest, PrepareReply>(hsm, new(Session, (ulong)Use.Sign, Cmac, key))),
        (Function.Perform,                 In,    In,       Key,      (hsm, key, _) => AskAsync<PerformRequest, PerformReply>(hsm, new(Session, (ulong)Use.Sign, Cmac, key, new byte[8]))),
        (Function.Begin,                   In,    In,       Key,      (hsm, key, _) => AskAsync<BeginRequest, BeginReply>(hsm, new(Session, (ulong)Use.Sign, Cmac, key))),

        // Users and the cluster are the admins'.
        (Function.CreateUser,              In,    Ok,       In,       (hsm, _, creation) => AskAsync<CreateUserRequest, CreateUserReply>(hsm, new($"made{creation}", (ulong)Role.CryptoUser, Password))),
        (Function.DeleteUser,              In,    Bad,      In,       (hsm, _, _) => AskAsync<DeleteUserRequest, DeleteUserReply>(hsm, new("nobody-of-this-name", (ulong)Role.CryptoUser))),
        (Function.ChangePassword,          In,    Bad,      In,       (hsm, _, _) => AskAsync<ChangePasswordRequest, ChangePasswordReply>(hsm, new("nobody-of-this-name", (ulong)Role.CryptoUser, Password, false, false))),
        (Function.InitPin,                 In,    Ok,       In,       (hsm, _, creation) => AskAsync<InitPinRequest, InitPinReply>(hsm, new(Session, System.Text.Encoding.UTF8.GetBytes($"init{creation}:the-password-1")))),
        (Function.GetSettings,             In,    Ok,       Ok,       (hsm, _, _) => AskAsync<GetSettingsRequest, GetSettingsReply>(hsm, new())),
        (Function.SetSettings,             In,    Ok,       In,       (hsm, _, _) => AskAsync<SetSettingsRequest, SetSettingsReply>(hsm, new(true))),
        (Function.ListAudit,               In,    Ok,       In,       (hsm, _, _) => AskAsync<ListAuditRequest, ListAuditReply>(hsm, new(0))),
        (Function.ReadAudit,               In,    Obj,      In,       (hsm, _, _) => AskAsync<ReadAuditRequest, ReadAuditReply>(hsm, new(999, false, 0))),
        (Function.RequestCertificate,      In,    Ok,       In,       (hsm, _, _) => AskAsync<RequestCertificateRequest, RequestCertificateReply>(hsm, new())),
        (Function.InstallCertificate,      In,    Bad,      In,       (hsm, _, _) => AskAsync<InstallCertificateRequest, InstallCertificateReply>(hsm, new("none", "none"))),
        (Function.RegisterTrustAnchor,     In,    Bad,      In,       (hsm, _, _) => AskAsync<RegisterTrustAnchorRequest, RegisterTrustAnchorReply>(hsm, new("none"))),
        (Function.DeregisterTrustAnchor,   In,    Bad,      In,       (hsm, _, _) => AskAsync<DeregisterTrustAnchorRequest, DeregisterTrustAnchorReply>(hsm, new(99))),
        (Function.GetMtlsEnforcement,      In,    Ok,       Ok,       (hsm, _, _) => AskAsync<GetMtlsEnforcementRequest, GetMtlsEnforcementReply>(hsm, new())),
        (Function.SetMtlsEnforcement,      In,    No,       In,       (hsm, _, _) => AskAsync<SetMtlsEnforcementRequest, SetMtlsEnforcementReply>(hsm, new(false))),

        // Approvals and second factors: each its own, an admin everybody's.
        (Function.BeginQuorumRegistration, In,    Ok,       Ok,       (hsm, _, _) => AskAsync<BeginQuorumRegistrationRequest, BeginQuorumRegistrationReply>(hsm, new())),
        (Function.RegisterQuorumKey,       In,    Bad,      Bad,      (hsm, _, _) => AskAsync<RegisterQuorumKeyRequest, RegisterQuorumKeyReply>(hsm, new(new byte[8], new byte[32], new byte[64]))),
        (Function.GenerateQuorumToken,     In,    Bad,      In,       (hsm, _, _) => AskAsync<GenerateQuorumTokenRequest, GenerateQuorumTokenReply>(hsm, new((ulong)QuorumService.User))),
        (Function.GenerateQuorumToken,     In,    In,       Obj,      (hsm, key, _) => AskAsync<GenerateQuorumTokenRequest, GenerateQuorumTokenReply>(hsm, new((ulong)QuorumService.KeyUsage, key))),
        (Function.ApproveQuorumToken,      In,    Rejected, Rejected, (hsm, _, _) => AskAsync<ApproveQuorumTokenRequest, ApproveQuorumTokenReply>(hsm, new(new byte[32], []))),
        (Function.ListQuorumTokens,        In,    Ok,       Ok,       (hsm, _, _) => AskAsync<ListQuorumTokensRequest, ListQuorumTokensReply>(hsm, new())),
        (Function.DeleteQuorumTokens,      In,    Ok,       In,       (hsm, _, _) => AskAsync<DeleteQuorumTokensRequest, DeleteQuorumTokensReply>(hsm, new(false))),
        (Function.SetQuorumValue,          In,    Ok,       In,       (hsm, _, _) => AskAsync<SetQuorumValueRequest, SetQuorumValueReply>(hsm, new((ulong)QuorumService.User, 1))),
        (Function.SetQuorumTimeouts,       In,    Ok,       In,       (hsm, _, _) => AskAsync<SetQuorumTimeoutsRequest, SetQuorumTimeoutsReply>(hsm, new(600, 600))),
        (Function.BeginMfaRegistration,    In,    Bad,      In,       (hsm, _, _) => AskAsync<BeginMfaRegistrationRequest, BeginMfaRegistrationReply>(hsm, new("nobody-of-this-name", (ulong)Role.CryptoUser))),
        (Function.ChangeMfa,               In,    Bad,      In,       (hsm, _, _) => AskAsync<ChangeMfaRequest, ChangeMfaReply>(hsm, new("nobody-of-this-name", (ulong)Role.CryptoUser, false))),

        // Logins.
        (Function.Activate,                No,    No,       No,       (hsm, _, _) => AskAsync<ActivateRequest, ActivateReply>(hsm, new(Password, Password))),
        (Function.RenewTicket,             In,    Ok,       Ok,       (hsm, _, _) => AskAsync<RenewTicketRequest, RenewTicketReply>(hsm, new())),
        (Function.SetPin,                  Pin,   Pin,      Pin,      (hsm, _, _) => AskAsync<SetPinRequest, SetPinReply>(hsm, new(Session, "nobody-of-this-name:wrong-password"u8.ToArray(), "nobody-of-this-name:the-password-1"u8.ToArray()))),
        (Function.BeginMfaLogin,           Bad,   Bad,      Bad,      (hsm, _, _) => AskAsync<BeginMfaLoginRequest, BeginMfaLoginReply>(hsm, new((ulong)UserType.User, "nobody-of-this-name"))),
        (Function.LoginWithMfa,            Pin,   Pin,      Pin,      (hsm, _, _) => AskAsync<LoginWithMfaRequest, LoginWithMfaReply>(hsm, new((ulong)UserType.User, "nobody-of-this-name:wrong-password"u8.ToArray(), new byte[32], new byte[64]))),
        (Function.Login,                   Pin,   Pin,      Pin,      (hsm, _, _) => AskAsync<LoginRequest, LoginReply>(hsm, new((ulong)UserType.User, "nobody-of-this-name:wrong-password"u8.ToArray()))),
        (Function.Logout,                  In,    Ok,       Ok,       (hsm, _, _) => AskAsync<LogoutRequest, LogoutReply>(hsm, new())),
        (Function.CloseAllSessions,        Ok,    Ok,       Ok,       (hsm, _, _) => AskAsync<CloseAllSessionsRequest, CloseAllSessionsReply>(hsm, new())),
    ];

    private static ulong _creations;

    [Fact]
    public async Task Each_is_answered_as_the_table_says()
    {
        // How a connection becomes an instance's is another test's.
        Function[] before = [Function.Hello, Function.Attach];
        Assert.Equal(Enum.GetValues<Function>().Where(function => (ulong)function < 200).Except(before).Order(), Table.Select(row => row.Function).Distinct().Order());

        await using var admin = new HsmClient(hsm.Options);
        await admin.LoginAsync(UserType.So, "admin", "adminpassword"u8.ToArray(), TestContext.Current.CancellationToken);
        await admin.CreateUserAsync("owner", Role.CryptoUser, Password, TestContext.Current.CancellationToken);
        await admin.CreateUserAsync("other", Role.CryptoUser, Password, TestContext.Current.CancellationToken);
        await using var owner = new HsmClient(hsm.Options);
        await owner.LoginAsync(UserType.User, "owner", Password, TestContext.Current.CancellationToken);
        await using var session = await owner.OpenSessionAsync(readWrite: true, TestContext.Current.CancellationToken);
        var key = await session.GenerateKeyAsync(AesKeyGen, [.. Aes, new(0x1, new byte[] { 1 }), new(0x108, new byte[] { 1 })], TestContext.Current.CancellationToken);

        var wrong = new List<string>();
        foreach (var (caller, pin, type, wanted) in new (string, string?, UserType, Func<(Function, Rv Nobody, Rv Admin, Rv Other, Func<RawConnection, ulong, ulong, Task>), Rv>)[]
        {
            ("nobody", null, UserType.User, row => row.Nobody), ("admin", "admin:adminpassword", UserType.So, row => row.Admin), ("other", "other:the-password-1", UserType.User, row => row.Other),
        })
        {
            using var connection = await RawConnection.AttachedAsync(hsm.EndPoint);
            await AskAsync<OpenSessionRequest, OpenSessionReply>(connection, new(Session));
            Assert.Equal(0UL, (await connection.ReceiveAsync()).Rv);
            if (pin is not null)
            {
                await AskAsync<LoginRequest, LoginReply>(connection, new((ulong)type, System.Text.Encoding.UTF8.GetBytes(pin)));
                Assert.Equal(0UL, (await connection.ReceiveAsync()).Rv);
            }

            foreach (var row in Table)
            {
                await row.AskAsync(connection, key, ++_creations);
                var answered = (Rv)(await connection.ReceiveAsync()).Rv;
                if (answered != wanted(row))
                {
                    wrong.Add($"{row.Function}, {caller}: {answered}, expected {wanted(row)}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        await session.DestroyObjectAsync(key, TestContext.Current.CancellationToken);
    }

    private static Task AskAsync<TRequest, TReply>(RawConnection hsm, TRequest request)
        where TRequest : IWireRequest<TRequest, TReply>
        where TReply : IWireFields<TReply> => hsm.SendAsync<TRequest, TReply>(++_creations, request);
}
