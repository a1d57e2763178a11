using Strongroom.Hsm.Objects;
using Strongroom.Hsm.Policy;
using Strongroom.Hsm.Tests.Cluster;

namespace Strongroom.Hsm.Tests.Policy;

/// <summary>What may leave, be read, changed, copied, destroyed or trusted, and by whom; written by hand.</summary>
public sealed class ExportTableTests
{
    private static readonly string[] Callers = ["nobody", "unactivated", "admin", "appliance", "owner", "shared", "other"];

    [Fact]
    public void Only_the_owner_takes_a_key_out_and_only_as_its_attributes_say()
    {
        using var world = new PolicyWorld();
        HsmObject plain = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Wrap);
        HsmObject trusted = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Wrap | ObjectFlags.Trusted);
        HsmObject free = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Extractable | ObjectFlags.Sensitive);
        HsmObject fixedKey = world.AddKey(ObjectClass.SecretKey, (ObjectFlags)uint.MaxValue & ~ObjectFlags.Extractable);
        HsmObject careful = world.AddKey(ObjectClass.PrivateKey, ObjectFlags.Extractable | ObjectFlags.WrapWithTrusted);

        Assert.Equal(
            [Causes.NotLoggedIn, Causes.RoleMayNot, Causes.RoleMayNot, Causes.RoleMayNot, null, Causes.OwnerOnlyUse, Causes.KeyUnknown],
            Callers.Select(caller => Export(free, plain, caller)));
        Assert.Equal(Causes.Unextractable, Export(fixedKey, trusted, "owner"));
        Assert.Equal(Causes.WrapsUnderTrustedOnly, Export(careful, plain, "owner"));
        Assert.Null(Export(careful, trusted, "owner"));
        Assert.Equal(Causes.PublicNotWrapped, Export(world.AddKey(ObjectClass.PublicKey, (ObjectFlags)uint.MaxValue), trusted, "owner"));
        Assert.Equal(Causes.NotAKey, Export(world.AddCertificate((ObjectFlags)uint.MaxValue), trusted, "owner"));

        Cause? Export(HsmObject key, HsmObject under, string caller) => Release(world.Ring.Export(key.Handle, under, world[caller]));
    }

    [Fact]
    public void A_wrap_template_lets_out_only_what_matches_it()
    {
        using var world = new PolicyWorld();
        byte[] wanted = Template.Decode([AttributeType.WrapTemplate.Is(AttributeType.Label.Is("out"), AttributeType.Sign.Is(true))]).Value.Values[AttributeType.WrapTemplate].ToArray();
        HsmObject wrapping = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Wrap, AttributeType.WrapTemplate.Is(wanted));
        HsmObject fits = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Extractable | ObjectFlags.Sign, AttributeType.Label.Is("out"));
        HsmObject otherLabel = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Extractable | ObjectFlags.Sign, AttributeType.Label.Is("in"));
        HsmObject otherFlag = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Extractable, AttributeType.Label.Is("out"));
        Assert.Null(Release(world.Ring.Export(fits.Handle, wrapping, world["owner"])));
        Assert.Equal(Causes.WrapTemplateRefuses, Release(world.Ring.Export(otherLabel.Handle, wrapping, world["owner"])));
        Assert.Equal(Causes.WrapTemplateRefuses, Release(world.Ring.Export(otherFlag.Handle, wrapping, world["owner"])));
    }

    [Fact]
    public void Secret_components_are_read_by_the_owner_of_a_key_that_is_neither_sensitive_nor_unextractable()
    {
        using var world = new PolicyWorld();
        HsmObject open = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Extractable);
        Assert.Equal(["owner"], Callers.Where(caller => Release(world.Ring.Reveal(open, world[caller])) is null));
        Assert.Equal(Causes.Secret, Release(world.Ring.Reveal(world.AddKey(ObjectClass.SecretKey, ObjectFlags.Extractable | ObjectFlags.Sensitive), world["owner"])));
        Assert.Equal(Causes.Secret, Release(world.Ring.Reveal(world.AddKey(ObjectClass.SecretKey, ObjectFlags.None), world["owner"])));
    }

    [Fact]
    public void Who_sees_an_object_is_what_the_table_says()
    {
        using var world = new PolicyWorld();

        // Whatever CKA_PRIVATE says, a guarded key is its owner's; an admin may list it.
        foreach (ObjectFlags privacy in (ObjectFlags[])[ObjectFlags.Private, ObjectFlags.None])
        {
            Assert.Equal(["admin", "owner", "shared"], Seers(world.AddKey(ObjectClass.SecretKey, privacy)));
            Assert.Equal(["admin", "owner", "shared"], Seers(world.AddKey(ObjectClass.PrivateKey, privacy)));
        }

        Assert.Equal(["admin", "owner", "shared", "other"], Seers(world.AddKey(ObjectClass.PublicKey, ObjectFlags.Private)));
        Assert.Equal(Callers.Except(["unactivated"]), Seers(world.AddKey(ObjectClass.PublicKey, ObjectFlags.None)));
        Assert.Equal(Callers.Except(["unactivated"]), Seers(world.AddCertificate(ObjectFlags.None)));
        Assert.Equal(["admin", "owner"], Seers(world.AddCertificate(ObjectFlags.Private)));

        IEnumerable<string> Seers(HsmObject item) => Callers.Where(caller => world.Ring.See(item.Handle, world[caller]).IsOk);
    }

    [Fact]
    public void How_each_caller_stands_to_an_object_is_what_the_table_says()
    {
        using var world = new PolicyWorld();
        const Standing None = Standing.None, Admin = Standing.Admin, Public = Standing.Public, Shared = Standing.Shared, Owner = Standing.Owner;

        //             nobody  unact.  admin   appl.   owner  shared  other
        Assert.Equal([None, None, Admin, None, Owner, Shared, None], Of(world.AddKey(ObjectClass.SecretKey, ObjectFlags.None)));
        Assert.Equal([None, None, Admin, None, Owner, Shared, None], Of(world.AddKey(ObjectClass.PrivateKey, ObjectFlags.Private)));
        Assert.Equal([None, None, Admin, None, Owner, Public, Public], Of(world.AddKey(ObjectClass.PublicKey, ObjectFlags.Private)));
        Assert.Equal([Public, Public, Public, Public, Owner, Public, Public], Of(world.AddKey(ObjectClass.PublicKey, ObjectFlags.None)));
        Assert.Equal([Public, Public, Public, Public, Owner, Public, Public], Of(world.AddCertificate(ObjectFlags.None)));
        Assert.Equal([None, None, Admin, None, Owner, None, None], Of(world.AddCertificate(ObjectFlags.Private)));

        IEnumerable<Standing> Of(HsmObject item) => Callers.Select(caller => Standings.Of(world.Logins.Current(world[caller]), item));
    }

    [Fact]
    public void Only_the_owner_changes_copies_and_destroys_and_only_an_admin_trusts()
    {
        using var world = new PolicyWorld();
        HsmObject key = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Copyable);
        Cause?[] expected = [Causes.NotLoggedIn, Causes.RoleMayNot, Causes.RoleMayNot, Causes.RoleMayNot, null, Causes.NotOwner, Causes.ObjectUnknown];
        foreach (Permission permission in (Permission[])[Permission.SetAttributes, Permission.DestroyObjects])
        {
            Assert.Equal(expected, Callers.Select(caller => world.Ring.Own(key.Handle, world[caller], permission).Cause));
        }

        Assert.Equal(expected, Callers.Select(caller => Release(world.Ring.Copy(key.Handle, world[caller]))));
        Assert.Equal(Causes.NotCopyable, Release(world.Ring.Copy(world.AddKey(ObjectClass.SecretKey, ObjectFlags.None).Handle, world["owner"])));
        Assert.Equal(["admin"], Callers.Where(caller => world.Ring.Trust(key.Handle, world[caller]).IsOk));
        HsmObject open = world.AddKey(ObjectClass.PublicKey, ObjectFlags.None);
        Assert.Equal(Causes.NotOwner, world.Ring.Own(open.Handle, world["other"], Permission.DestroyObjects).Cause);
    }

    [Fact]
    public void Who_shares_a_key_asks_for_its_approvals_and_knows_its_terms_is_what_the_table_says()
    {
        using var world = new PolicyWorld();
        ObjectHandle key = world.AddKey(ObjectClass.SecretKey, ObjectFlags.Private).Handle;
        ObjectHandle open = world.AddKey(ObjectClass.PublicKey, ObjectFlags.None).Handle;
        ObjectHandle certificate = world.AddCertificate(ObjectFlags.None).Handle;
        Assert.Equal([Causes.NotLoggedIn, Causes.RoleMayNot, Causes.RoleMayNot, Causes.RoleMayNot, null, Causes.NotOwner, Causes.ObjectUnknown], Callers.Select(caller => world.Ring.Share(key, world[caller]).Cause));
        Assert.Equal([Causes.NotLoggedIn, Causes.RoleMayNot, Causes.RoleMayNot, Causes.RoleMayNot, null, null, Causes.ObjectUnknown], Callers.Select(caller => world.Ring.Approvable(key, world[caller]).Cause));
        Assert.Equal([Causes.NotLoggedIn, Causes.RoleMayNot, null, Causes.RoleMayNot, null, null, Causes.ObjectUnknown], Callers.Select(caller => world.Ring.Describe(key, world[caller]).Cause));
        Assert.Equal(Causes.NotAKey, world.Ring.Share(certificate, world["owner"]).Cause);
        Assert.Equal(Causes.NotAKey, world.Ring.Describe(certificate, world["owner"]).Cause);
        Assert.Equal(Causes.KeyUnknown, world.Ring.Approvable(open, world["other"]).Cause);
    }

    [Fact]
    public void Roles_may_do_what_the_reference_says_and_nothing_else()
    {
        using var world = new PolicyWorld();
        string[] all = Callers;
        string[] admin = ["admin"];
        string[] users = ["owner", "shared", "other"];
        var expected = new Dictionary<Permission, string[]>
        {
            [Permission.ReadClusterInfo] = [.. all.Except(["unactivated"])],
            [Permission.ReadSettings] = [.. all.Except(["nobody", "unactivated"])],
            [Permission.ChangeSettings] = ["admin"],
            [Permission.ListUsers] = [.. all.Except(["unactivated"])],
            [Permission.Digest] = [.. all.Except(["unactivated"])],
            [Permission.DrawRandom] = [.. all.Except(["unactivated"])],
            [Permission.SeedRandom] = [.. all.Except(["unactivated"])],
            [Permission.SeeObjects] = [.. all.Except(["unactivated"])],
            [Permission.UseKeys] = users,
            [Permission.MakeObjects] = users,
            [Permission.DestroyObjects] = users,
            [Permission.SetAttributes] = users,
            [Permission.ShareKeys] = users,
            [Permission.SeeKeyInfo] = ["admin", .. users],
            [Permission.SetTrusted] = admin,
            [Permission.ListAllObjects] = admin,
            [Permission.ChangeOwnPassword] = ["appliance", .. users],
            [Permission.ChangePasswords] = admin,
            [Permission.CreateUsers] = admin,
            [Permission.DeleteUsers] = admin,
            [Permission.RegisterQuorumKey] = ["admin", .. users],
            [Permission.ChangeOwnMfa] = users,
            [Permission.ChangeMfa] = admin,
            [Permission.ReadTrustAnchors] = [.. all.Except(["unactivated"])],
            [Permission.ChangeTrustAnchors] = admin,
            [Permission.ReadMtlsEnforcement] = ["admin", .. users],
            [Permission.SetMtlsEnforcement] = admin,
            [Permission.GenerateAdminTokens] = admin,
            [Permission.GenerateKeyTokens] = users,
            [Permission.ListTokens] = ["admin", "appliance", .. users],
            [Permission.DeleteTokens] = admin,
            [Permission.ReadQuorumSettings] = [.. all.Except(["unactivated"])],
            [Permission.SetQuorumValues] = admin,
            [Permission.SetQuorumTimeouts] = admin,
            [Permission.ReadAudit] = admin,
            [Permission.RenewCertificate] = admin,
        };
        Assert.Equal(Enum.GetValues<Permission>(), expected.Keys.Order());
        foreach ((Permission permission, string[] callers) in expected)
        {
            Assert.Equal(callers, all.Where(caller => Permissions.CheckRole(world.Logins.Current(world[caller]), permission).IsOk));
        }
    }

    private static Cause? Release(Outcome<KeyLease> lease)
    {
        if (lease.IsOk)
        {
            lease.Value.Dispose();
        }

        return lease.Cause;
    }
}
