using System.Buffers;
using Strongroom.Hsm.Mechanisms;
using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Quorum;

/// <summary>Every operation that takes approvals, written by hand from the AWS CloudHSM user guide ("service names and types"), each so that it can be tried again and again.</summary>
internal static class GatedOperations
{
    public static IReadOnlyDictionary<string, (QuorumService Service, bool IsAdmins, Func<QuorumWorld, ValueTask<Outcome>> Try)> All { get; } =
        new Dictionary<string, (QuorumService, bool, Func<QuorumWorld, ValueTask<Outcome>>)>
        {
            ["create a user"] = (QuorumService.User, true, world => world.Module.CreateUserAsync(world.Admin.Caller, world.NextName(), Role.CryptoUser, Password, TestHsm.Cancel)),
            ["change a password"] = (QuorumService.User, true, world => world.Module.ChangePasswordAsync(world.Admin.Caller, "carol", Role.CryptoUser, Password, TestHsm.Cancel)),
            ["change another admin's password"] = (QuorumService.User, true, world => world.Module.ChangePasswordAsync(world.Admin.Caller, "admin3", Role.Admin, Password, TestHsm.Cancel)),
            ["change one's own password as an admin"] = (QuorumService.User, true, world => world.Module.SetPinAsync(world.Admin.Caller, world.Admin.ReadWrite, AdminPassword, AdminPassword, TestHsm.Cancel)),
            ["make a user through the library"] = (QuorumService.User, true, world => world.Module.InitPinAsync(world.Admin.Caller, world.Admin.ReadWrite, TestHsm.Bytes($"{world.NextName()}:password-1"), TestHsm.Cancel)),
            ["change a password through the library"] = (QuorumService.User, true, world => world.Module.InitPinAsync(world.Admin.Caller, world.Admin.ReadWrite, "carol:password-1"u8.ToArray(), TestHsm.Cancel)),
            ["turn a second factor off"] = (QuorumService.User, true, world => world.Module.ChangeMfaAsync(world.Admin.Caller, "carol", Role.CryptoUser, new(null, default, default, false, null), TestHsm.Cancel)),
            ["register a trust anchor"] = (QuorumService.Cluster, true, async world => (await world.Module.RegisterTrustAnchorAsync(world.Admin.Caller, () => "an anchor", TestHsm.Cancel)).WithoutValue()),
            ["set the enforcement of mTLS"] = (QuorumService.Cluster, true, world => world.Module.SetMtlsEnforcementAsync(world.Admin.Caller, false, new TrustAnchor(1, "an anchor"), TestHsm.Cancel)),
            ["deregister a trust anchor"] = (QuorumService.Cluster, true, world => world.Module.DeregisterTrustAnchorAsync(world.Admin.Caller, 1, TestHsm.Cancel)),
            ["set a quorum value"] = (QuorumService.Quorum, true, world => world.Module.SetQuorumValueAsync(world.Admin.Caller, QuorumService.Cluster, 2, TestHsm.Cancel)),
            ["delete a user"] = (QuorumService.User, true, world => world.Module.DeleteUserAsync(world.Admin.Caller, "carol", Role.CryptoUser, TestHsm.Cancel)),

            ["wrap under the key"] = (QuorumService.KeyManagement, false, world => new(world.Module.WrapKey(world.Alice.Caller, world.Alice.ReadWrite, TestCalls.AesKeyWrap, world.Key, world.FreeKey).WithoutValue())),
            ["wrap the key"] = (QuorumService.KeyManagement, false, world => new(world.Module.WrapKey(world.Alice.Caller, world.Alice.ReadWrite, TestCalls.AesKeyWrap, world.FreeKey, world.Key).WithoutValue())),
            ["unwrap"] = (QuorumService.KeyManagement, false, UnwrapAsync),
            ["set an attribute"] = (QuorumService.KeyManagement, false, world => world.Hsm.SetAsync(world.Alice, world.Key, AttributeType.Label.Is("new"))),

            ["sign"] = (QuorumService.KeyUsage, false, world => UseKey(world, Use.Sign, QuorumWorld.Cmac)),
            ["encrypt"] = (QuorumService.KeyUsage, false, world => UseKey(world, Use.Encrypt, TestCalls.AesCbcPad)),
            ["decrypt"] = (QuorumService.KeyUsage, false, world => UseKey(world, Use.Decrypt, QuorumWorld.AesEcb)),
            ["begin to sign"] = (QuorumService.KeyUsage, false, Begin),

            // Each takes the next user whom it has not changed yet.
            ["share"] = (QuorumService.KeyManagement, false, world => world.Module.ShareKeyAsync(world.Alice.Caller, world.Key, IsShared(world, "carol") ? "erin" : "carol", TestHsm.Cancel)),
            ["unshare"] = (QuorumService.KeyManagement, false, world => world.Module.UnshareKeyAsync(world.Alice.Caller, world.Key, IsShared(world, "dave") ? "dave" : "carol", TestHsm.Cancel)),
        };

    private static bool IsShared(QuorumWorld world, string user) => world.Module.GetKeyInfo(world.Alice.Caller, world.Key).Value.SharedWith.Contains(user);

    private static byte[] Password => "password-1"u8.ToArray();

    private static byte[] AdminPassword => TestHsm.Bytes(TestHsm.AdminPassword);

    private static ValueTask<Outcome> UseKey(QuorumWorld world, Use use, MechanismCall mechanism) =>
        new(world.Module.Perform(world.Alice.Caller, world.Alice.ReadWrite, use, mechanism, world.Key, QuorumWorld.Data, default, new ArrayBufferWriter<byte>()).WithoutValue());

    private static ValueTask<Outcome> Begin(QuorumWorld world)
    {
        Outcome begun = world.Module.Begin(world.Alice.Caller, world.Alice.ReadWrite, Use.Sign, QuorumWorld.Cmac, world.Key).WithoutValue();
        world.Module.Cancel(world.Alice.Caller, world.Alice.ReadWrite, Use.Sign);
        return new(begun);
    }

    private static async ValueTask<Outcome> UnwrapAsync(QuorumWorld world) => (await world.UnwrapAsync(world.Wrapped)).WithoutValue();
}
