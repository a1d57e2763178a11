using Strongroom.Audit.Exports;
using Strongroom.Audit.Records;

namespace Strongroom.Audit.Tests.Exports;

public sealed class ExportTests
{
    private static readonly OpeningRecord Log = new(1, 1, 0xE8, 1, default, default, default, Guid.Empty, "cluster-test", "hsm-test");
    private static readonly SubjectRecord Admin = new(1, 1, default, "admin", "127.0.0.9");
    private static readonly SubjectRecord Nobody = new(2, 0, default, "", "127.0.0.9");

    // The examples of AWS's page "Interpreting HSM audit logs", but for the handle's lines that AWS does not have.
    [Fact]
    public void A_cluster_s_birth_reads_as_on_AWS() => Assert.Equal(
        """
        Time: 12/19/17 21:01:16.962174, usecs:1513717276962174
        Sequence No : 0x0
        Reboot counter : 0xe8
        Command Type(hex) : CN_MGMT_CMD (0x0)
        Opcode : CN_INIT_TOKEN (0x1)
        Session Handle : 0x1004001
        Response : 0:HSM Return: SUCCESS
        Log type : MINIMAL_LOG_ENTRY (0)


        """,
        Text(Event(AuditOperation.CreateCluster) with { Session = 0x1004001 }, new SubjectRecord(1, 0, default, "", "")));

    [Fact]
    public void A_login_reads_as_on_AWS()
    {
        var text = Text(Event(AuditOperation.Login) with { Target = new TargetUser(1, "admin") }, Nobody);
        Assert.Contains("Opcode : CN_LOGIN (0xd)\n", text, StringComparison.Ordinal);
        Assert.Contains("Log type : MGMT_USER_DETAILS_LOG (2)\nUser Name : admin\nUser Type : CN_CRYPTO_OFFICER (2)\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_login_says_whether_the_user_exists()
    {
        var wrong = Event(AuditOperation.Login) with { Result = 0xA0, Target = new TargetUser(2, "testuser") };
        Assert.Contains("Response : 163:HSM Error: RET_USER_LOGIN_FAILURE\n", Text(wrong, Nobody), StringComparison.Ordinal);
        Assert.Contains("Response : 157:HSM Error: user isn't initialized or user with this name doesn't exist\n", Text(wrong with { Target = null }, Nobody), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "CN_CREATE_CO (0x4)", "CN_CRYPTO_OFFICER (2)")]
    [InlineData(2, "CN_CREATE_USER (0x3)", "CN_CRYPTO_USER (1)")]
    [InlineData(3, "CN_CREATE_APPLIANCE_USER (0xfc)", "CN_APPLIANCE_USER (5)")]
    public void Creating_a_user_names_the_new_user_and_its_kind(int role, string opcode, string type)
    {
        var text = Text(Event(AuditOperation.CreateUser) with { Target = new TargetUser(role, "bob") }, Admin);
        Assert.Contains($"Opcode : {opcode}\n", text, StringComparison.Ordinal);
        Assert.Contains($"User Name : bob\nUser Type : {type}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_pair_has_both_handles()
    {
        var text = Text(Event(AuditOperation.GenerateKeyPair) with { Key = 131079, SecondKey = 131078 }, Admin);
        Assert.Contains("Opcode : CN_GENERATE_KEY_PAIR (0x19)\n", text, StringComparison.Ordinal);
        Assert.Contains("Log type : MGMT_KEY_DETAILS_LOG (1)\nPriv/Secret Key Handle : 131079\nPublic Key Handle : 131078\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AuditOperation.Logout, "CN_LOGOUT (0xe)")]
    [InlineData(AuditOperation.DeleteUser, "CN_DELETE_USER (0xa1)")]
    [InlineData(AuditOperation.ChangePassword, "CN_CHANGE_PSWD (0x9)")]
    [InlineData(AuditOperation.GenerateKey, "CN_GENERATE_KEY (0x17)")]
    [InlineData(AuditOperation.DestroySessionObject, "CN_DESTROY_OBJECT (0x11)")]
    [InlineData(AuditOperation.ShareKey, "CN_SHARE_OBJECT (0x12)")]
    [InlineData(AuditOperation.WrapKey, "CN_WRAP_KEY (0x1a)")]
    [InlineData(AuditOperation.UnwrapKey, "CN_UNWRAP_KEY (0x1b)")]
    [InlineData(AuditOperation.InitializeCluster, "CN_INIT_DONE (0x95)")]
    [InlineData(AuditOperation.DestroyObject, "CN_TOMBSTONE_OBJECT (0x8024)")]
    public void Opcodes_are_those_that_AWS_published(AuditOperation operation, string opcode) =>
        Assert.Contains($"Opcode : {opcode}\n", Text(Event(operation), Admin), StringComparison.Ordinal);

    [Fact]
    public void Every_operation_has_an_opcode_and_no_two_of_ours_share_a_number()
    {
        var opcodes = Enum.GetValues<AuditOperation>().Where(o => o != AuditOperation.None).Select(o => AwsOpcodes.Of(Event(o))).ToList();
        Assert.All(opcodes, o => Assert.Matches("^(CN|SR)_[A-Z0-9_]+$", o.Name));
        Assert.DoesNotContain(opcodes.Where(o => o.Number >= 0x8000).GroupBy(o => o.Number), g => g.Count() > 1);
    }

    [Fact]
    public void One_event_can_not_look_like_two()
    {
        var text = Text(Event(AuditOperation.ModifyObject) with { Detail = "x\n\nTime: 01/01/70" }, Admin);
        Assert.Equal(text.Length - 1, text.IndexOf("\n\n", StringComparison.Ordinal) + 1);
    }

    [Fact]
    public void A_use_is_one_line_of_JSON()
    {
        var e = Event(AuditOperation.Sign) with { Sequence = 7, Key = ulong.MaxValue, Mechanism = 0x1041, Digest = default(AuditDigest), Session = 5, Result = 0x63 };
        Assert.Equal(
            """{"time":"2017-12-19T21:01:16.962174Z","cluster":"cluster-test","hsm":"hsm-test","sequence":7,"reboot":232,"operation":"Sign","result":"CKR_KEY_TYPE_INCONSISTENT","user":"admin","role":"admin","address":"127.0.0.9","session":"5","mechanism":"CKM_ECDSA","key":"18446744073709551615","sha256":"0000000000000000000000000000000000000000000000000000000000000000"}""",
            JsonLines.ToText(new AuditEntry(e, Admin, Log)));
    }

    [Fact]
    public void The_standard_s_names_are_those_of_the_HSM_s_mechanisms()
    {
        Assert.NotEmpty(Hsm.Mechanisms.MechanismCatalog.All);
        Assert.All(Hsm.Mechanisms.MechanismCatalog.All, m => Assert.Equal(m.Name, StandardNames.OfMechanism((uint)m.Number)));
    }

    [Fact]
    public void Every_return_value_of_the_HSM_has_its_name() =>
        Assert.All(Enum.GetValues<Hsm.Rv>(), rv => Assert.StartsWith("CKR_", StandardNames.OfResult((uint)rv), StringComparison.Ordinal));

    private static EventRecord Event(AuditOperation operation) =>
        new(1, AuditTime.FromMicroseconds(1_513_717_276_962_174), operation, 1, 0, 0, null, null, null, null, null, "");

    private static string Text(EventRecord e, SubjectRecord subject)
    {
        using var text = new StringWriter();
        AwsText.Write(text, new AuditEntry(e, subject, Log));
        return text.ToString();
    }
}
