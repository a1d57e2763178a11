using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>
/// Use × role × ownership × flag → result, written by hand from PKCS#11 3.2 (section 4) and the AWS CloudHSM user guide (roles, shared keys). It is not made from the code's own tables.
/// </summary>
public sealed class UseTableTests
{
    private const Rv Ok = Rv.Ok;
    private const Rv In = Rv.UserNotLoggedIn;
    private const Rv May = Rv.KeyFunctionNotPermitted;
    private const Rv Key = Rv.KeyHandleInvalid;
    private const Rv WKey = Rv.WrappingKeyHandleInvalid;
    private const Rv UKey = Rv.UnwrappingKeyHandleInvalid;

    private static readonly string[] Callers = ["nobody", "unactivated", "admin", "appliance", "owner", "shared", "other"];

    private static readonly (ObjectClass Class, Use Use, ObjectFlags Flag, Rv[] Expected)[] Table =
    [
        //                                                                            nobody unact. admin appl. owner shared other
        (ObjectClass.SecretKey,  Use.Encrypt,       ObjectFlags.Encrypt,       [In, In, In, In, Ok, Ok,  Key]),
        (ObjectClass.SecretKey,  Use.Decrypt,       ObjectFlags.Decrypt,       [In, In, In, In, Ok, Ok,  Key]),
        (ObjectClass.SecretKey,  Use.Sign,          ObjectFlags.Sign,          [In, In, In, In, Ok, Ok,  Key]),
        (ObjectClass.SecretKey,  Use.Verify,        ObjectFlags.Verify,        [In, In, In, In, Ok, Ok,  Key]),
        (ObjectClass.SecretKey,  Use.Wrap,          ObjectFlags.Wrap,          [In, In, In, In, Ok, Ok,  WKey]),
        (ObjectClass.SecretKey,  Use.Unwrap,        ObjectFlags.Unwrap,        [In, In, In, In, Ok, Ok,  UKey]),
        (ObjectClass.SecretKey,  Use.Derive,        ObjectFlags.Derive,        [In, In, In, In, Ok, May, Key]),
        (ObjectClass.PrivateKey, Use.Decrypt,       ObjectFlags.Decrypt,       [In, In, In, In, Ok, Ok,  Key]),
        (ObjectClass.PrivateKey, Use.Sign,          ObjectFlags.Sign,          [In, In, In, In, Ok, Ok,  Key]),
        (ObjectClass.PrivateKey, Use.SignRecover,   ObjectFlags.SignRecover,   [In, In, In, In, Ok, Ok,  Key]),
        (ObjectClass.PrivateKey, Use.Unwrap,        ObjectFlags.Unwrap,        [In, In, In, In, Ok, Ok,  UKey]),
        (ObjectClass.PrivateKey, Use.Derive,        ObjectFlags.Derive,        [In, In, In, In, Ok, May, Key]),
        (ObjectClass.PublicKey,  Use.Encrypt,       ObjectFlags.Encrypt,       [In, In, In, In, Ok, Ok,  Ok]),
        (ObjectClass.PublicKey,  Use.Verify,        ObjectFlags.Verify,        [In, In, In, In, Ok, Ok,  Ok]),
        (ObjectClass.PublicKey,  Use.VerifyRecover, ObjectFlags.VerifyRecover, [In, In, In, In, Ok, Ok,  Ok]),
        (ObjectClass.PublicKey,  Use.Wrap,          ObjectFlags.Wrap,          [In, In, In, In, Ok, Ok,  Ok]),
        (ObjectClass.PublicKey,  Use.Encapsulate,   ObjectFlags.Encapsulate,   [In, In, In, In, Ok, Ok,  Ok]),
        (ObjectClass.PrivateKey, Use.Decapsulate,   ObjectFlags.Decapsulate,   [In, In, In, In, Ok, Ok,  Key]),

        // A public key with flags that its class does not have is nobody's but its owner's to use so.
        (ObjectClass.PublicKey,  Use.Decrypt,       ObjectFlags.Decrypt,       [In, In, In, In, Ok, May, May]),
        (ObjectClass.PublicKey,  Use.Sign,          ObjectFlags.Sign,          [In, In, In, In, Ok, May, May]),
        (ObjectClass.PublicKey,  Use.Unwrap,        ObjectFlags.Unwrap,        [In, In, In, In, Ok, May, May]),
        (ObjectClass.PublicKey,  Use.Derive,        ObjectFlags.Derive,        [In, In, In, In, Ok, May, May]),
        (ObjectClass.PublicKey,  Use.SignRecover,   ObjectFlags.SignRecover,   [In, In, In, In, Ok, May, May]),
        (ObjectClass.PublicKey,  Use.Decapsulate,   ObjectFlags.Decapsulate,   [In, In, In, In, Ok, May, May]),
    ];

    [Fact]
    public void Each_use_is_what_the_table_says_for_each_caller()
    {
        using var world = new PolicyWorld();
        foreach ((ObjectClass objectClass, Use use, ObjectFlags flag, Rv[] expected) in Table)
        {
            foreach (ObjectFlags privacy in (ObjectFlags[])[ObjectFlags.Private, ObjectFlags.None])
            {
                HsmObject key = world.AddKey(objectClass, flag | privacy);
                Rv[] actual = [.. Callers.Select(caller => Try(world, key, use, caller))];
                Assert.True(expected.SequenceEqual(actual), $"{objectClass}, {use}, {privacy}: expected {string.Join(' ', expected)}, was {string.Join(' ', actual)}");
            }
        }
    }

    [Fact]
    public void Without_its_own_flag_no_other_flag_permits_a_use()
    {
        using var world = new PolicyWorld();
        foreach ((ObjectClass objectClass, Use use, ObjectFlags flag, _) in Table)
        {
            HsmObject key = world.AddKey(objectClass, (ObjectFlags)uint.MaxValue & ~flag & ~ObjectFlags.AlwaysAuthenticate);
            Assert.Equal(May, Try(world, key, use, "owner"));
        }
    }

    [Fact]
    public void Wrapping_and_unwrapping_take_approvals_for_management_and_every_other_use_takes_them_for_usage()
    {
        using var world = new PolicyWorld();
        foreach ((ObjectClass objectClass, Use use, ObjectFlags flag, _) in Table.Append((ObjectClass.SecretKey, Use.Digest, ObjectFlags.Extractable, [])))
        {
            HsmObject key = world.AddKey(objectClass, flag);
            bool isManagement = use is Use.Wrap or Use.Unwrap;
            world.Put(key with { ManageQuorum = 2 });
            Assert.Equal(isManagement ? Rv.FunctionRejected : Ok, TryAny(use));
            world.Put(key with { UseQuorum = 2 });
            Assert.Equal(isManagement ? Ok : Rv.FunctionRejected, TryAny(use));

            Rv TryAny(Use use) => Release(world.Ring.Use(key.Handle, use, world["owner"], use == Use.Digest ? null : 1));
        }
    }

    [Fact]
    public void A_use_that_was_begun_goes_on_only_while_the_key_is_the_callers_to_use_so()
    {
        using var world = new PolicyWorld();
        HsmObject key = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Unwrap);
        Assert.Equal([UKey, UKey, UKey, UKey, Ok, Ok, UKey], Callers.Select(GoOn));
        world.Put(key with { SharedWith = [] });
        Assert.Equal([UKey, UKey, UKey, UKey, Ok, UKey, UKey], Callers.Select(GoOn));
        world.Put(key with { Flags = ObjectFlags.None });
        Assert.Equal(May, GoOn("owner"));
        world.Destroy(key);
        Assert.Equal(UKey, GoOn("owner"));
        Assert.Equal(Causes.UseUnknown, world.Ring.GoOn(key.Handle, Use.None, world["owner"], 1).Cause);

        Rv GoOn(string caller) => world.Ring.GoOn(key.Handle, Use.Unwrap, world[caller], 1).Rv;
    }

    [Fact]
    public void Every_use_stands_in_the_table_or_is_digesting()
    {
        Assert.Equal(Enum.GetValues<Use>().Except([Use.None, Use.Digest]), Table.Select(row => row.Use).Distinct().Order());
        using var world = new PolicyWorld();
        Assert.Equal(Rv.ArgumentsBad, Try(world, world.AddKey(ObjectClass.SecretKey, (ObjectFlags)uint.MaxValue), Use.None, "owner"));
    }

    [Fact]
    public void A_key_is_digested_only_for_its_owner_if_it_is_secret_and_may_leave()
    {
        using var world = new PolicyWorld();
        HsmObject key = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Extractable);
        Assert.Equal([In, In, In, In, Ok, May, Key], Callers.Select(caller => Digest(key, caller)));
        Assert.Equal(May, Digest(world.AddKey(ObjectClass.SecretKey, (ObjectFlags)uint.MaxValue & ~ObjectFlags.Extractable), "owner"));
        Assert.Equal(Rv.KeyIndigestible, Digest(world.AddKey(ObjectClass.PrivateKey, ObjectFlags.Extractable), "owner"));

        Rv Digest(HsmObject item, string caller) => Release(world.Ring.Use(item.Handle, Use.Digest, world[caller], null));
    }

    [Fact]
    public void A_certificate_is_no_key_and_an_unknown_handle_is_none()
    {
        using var world = new PolicyWorld();
        HsmObject certificate = world.AddCertificate((ObjectFlags)uint.MaxValue);
        Assert.Equal(Rv.KeyHandleInvalid, Try(world, certificate, Use.Sign, "owner"));
        Assert.Equal(Causes.NotAKey, world.Ring.Use(certificate.Handle, Use.Sign, world["owner"], 1).Cause);
        Assert.Equal(Causes.KeyUnknown, world.Ring.Use(new ObjectHandle(999), Use.Sign, world["owner"], 1).Cause);
        Assert.Equal(Causes.KeyUnknown, world.Ring.Use(ObjectHandle.ForSession(1), Use.Sign, world["owner"], 1).Cause);
    }

    [Fact]
    public void Allowed_mechanisms_are_the_only_ones_allowed()
    {
        using var world = new PolicyWorld();
        byte[] list = [.. BitConverter.GetBytes(0x1044UL), .. BitConverter.GetBytes(0x1041UL)];
        HsmObject some = world.AddKey(ObjectClass.PrivateKey, ObjectFlags.Sign, AttributeType.AllowedMechanisms.Is(list));
        HsmObject none = world.AddKey(ObjectClass.PrivateKey, ObjectFlags.Sign, AttributeType.AllowedMechanisms.Is(Templates.Empty));
        Assert.Equal([Ok, Ok, Rv.MechanismInvalid], ((ulong[])[0x1041, 0x1044, 0x1045]).Select(mechanism => Release(world.Ring.Use(some.Handle, Use.Sign, world["owner"], mechanism))));
        Assert.Equal(Rv.MechanismInvalid, Release(world.Ring.Use(none.Handle, Use.Sign, world["owner"], 0x1041)));
    }

    [Fact]
    public void A_key_that_always_authenticates_takes_one_context_login_for_each_use()
    {
        using var world = new PolicyWorld();
        HsmObject key = world.AddKey(ObjectClass.PrivateKey, ObjectFlags.Sign | ObjectFlags.AlwaysAuthenticate);
        Assert.Equal(Causes.NeedsContextLogin, world.Ring.Use(key.Handle, Use.Sign, world["owner"], 1).Cause);
        Assert.Equal(Ok, Release(world.Ring.Use(key.Handle, Use.Sign, world["owner"], 1, judgeOnly: true)));
        world["owner"].GrantContextLogin();
        Assert.Equal(Ok, Try(world, key, Use.Sign, "owner"));
        Assert.Equal(Causes.NeedsContextLogin, world.Ring.Use(key.Handle, Use.Sign, world["owner"], 1).Cause);
    }

    [Fact]
    public void Nothing_of_a_key_stays_open_that_is_destroyed_while_it_is_opened()
    {
        using var world = new PolicyWorld();
        for (int round = 0; round < 4000; round++)
        {
            HsmObject key = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Sign);
            Parallel.Invoke(() => Try(world, key, Use.Sign, "owner"), () => world.Destroy(key));
            Assert.Equal(0, world.LiveKeys);
        }
    }

    private static Rv Try(PolicyWorld world, HsmObject key, Use use, string caller) => Release(world.Ring.Use(key.Handle, use, world[caller], 0x1));

    private static Rv Release(Outcome<KeyLease> lease)
    {
        if (lease.IsOk)
        {
            lease.Value.Dispose();
        }

        return lease.Rv;
    }
}
